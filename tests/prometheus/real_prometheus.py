"""Debian's Prometheus and node_exporter, run beside a folder of text files."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest
import waiting

from o365skype_bridge import reports
from o365skype_bridge.generate import prometheus as target
from o365skype_bridge.model.options import defaults

ROOT = Path(__file__).parent.parent.parent
BIN = ROOT / ".agents" / "prometheus" / "usr" / "bin"
PROMTOOL = BIN / "promtool"

needs_prometheus = pytest.mark.skipif(
    not PROMTOOL.exists(), reason="there is no Prometheus; make agents unpacks Debian's"
)

NOBODY = 65534
TIMEOUT = 60
FILE = "o365skype.prom"
FAMILIES = ("skype", "teams", "migration", "health", "credentials")

CONFIG = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: node
    static_configs: [{{targets: ['127.0.0.1:{port}']}}]
"""


def generated(families: Sequence[str] = FAMILIES, **changes: Any) -> dict[str, str]:
    """Make the files for some families."""
    values = {**defaults(target.OPTIONS), "report": list(families), **changes}
    return target.make(values, reports.chosen(families, "--report"))


def rules(**changes: Any) -> str:
    """Give the rules."""
    return generated(**changes)["rules/o365skype.yml"]


def promtool(*words: str | Path, text: str = "") -> str:
    """Run promtool; give all that it says, with its exit code first."""
    done = subprocess.run(
        [PROMTOOL, *words], input=text, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


def port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        number: int = made.getsockname()[1]
        return number


class Monitored:
    """A node_exporter over a folder, and a Prometheus that asks it with our rules."""

    def __init__(self, folder: Path, address: str) -> None:
        """Know both."""
        self.folder = folder
        self.address = address
        self.file = folder / FILE

    def get(self, path: str, **values: str) -> Any:
        """Ask Prometheus; give the data of the answer."""
        url = f"{self.address}/api/v1/{path}?{urlencode(values)}"
        with build_opener(ProxyHandler({})).open(url, timeout=TIMEOUT) as answer:
            return json.load(answer)["data"]

    def query(self, expr: str) -> list[tuple[dict[str, str], float]]:
        """Give the newest values: labels without those of the host, and numbers."""
        found = self.get("query", query=expr)["result"]
        return [
            (
                {
                    key: text
                    for key, text in each["metric"].items()
                    if key not in ("job", "instance")
                },
                float(each["value"][1]),
            )
            for each in found
        ]

    def alerts(self) -> dict[str, str]:
        """Give the alerts that fire, with what they describe."""
        return {
            each["labels"]["alertname"]: each["annotations"]["description"]
            for each in self.get("alerts")["alerts"]
            if each["state"] == "firing"
        }


@contextmanager
def process(words: Sequence[str | Path], log: Path, **options: Any) -> Iterator[None]:
    """Run a server until it is not needed any more."""
    with log.open("wb") as opened:
        running = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=opened, stderr=opened, **options
        )
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(TIMEOUT)


def answers(address: str) -> bool:
    """Say whether a server does."""
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=TIMEOUT) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def monitored(text: str, env: Mapping[str, str]) -> Iterator[Monitored]:
    """Run both over an empty folder, with rules whose times are as short as can be."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        top = Path(name)
        top.chmod(0o755)
        folder = top / "textfile"
        folder.mkdir(mode=0o755)
        exporter, server = port(), port()
        # Its files are another account's, which may not come to where it lies.
        binary = shutil.copy(BIN / "prometheus-node-exporter", top)
        account = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        short = re.sub(r"for: \d+s", "for: 1s", text)
        (top / "rules.yml").write_text(short, encoding="utf-8")
        config = CONFIG.format(rules=json.dumps(str(top / "rules.yml")), port=exporter)
        (top / "prometheus.yml").write_text(config, encoding="utf-8")
        stack.enter_context(
            process(
                [
                    binary,
                    "--collector.disable-defaults",
                    "--collector.textfile",
                    f"--collector.textfile.directory={folder}",
                    f"--web.listen-address=127.0.0.1:{exporter}",
                ],
                top / "node-exporter.log",
                env=dict(env),
                **account,
            )
        )
        stack.enter_context(
            process(
                [
                    BIN / "prometheus",
                    f"--config.file={top / 'prometheus.yml'}",
                    f"--storage.tsdb.path={top / 'data'}",
                    f"--web.listen-address=127.0.0.1:{server}",
                    "--web.console.templates=/nonexistent",
                    "--web.console.libraries=/nonexistent",
                ],
                top / "prometheus.log",
                env=dict(env),
            )
        )
        found = Monitored(folder, f"http://127.0.0.1:{server}")
        waiting.until(lambda: answers(f"{found.address}/-/ready"))
        waiting.until(lambda: found.query("up") == [({"__name__": "up"}, 1.0)])
        yield found
