"""A real Icinga 2 without a terminal: folders of its own, and its API on the loopback address."""

from __future__ import annotations

import base64
import grp
import http.client
import json
import os
import pwd
import re
import socket
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import trustme
import waiting
from engine import PLACE, Answer, running

ICINGA2 = PLACE / "icinga2"
TEMPLATES = PLACE / "usr" / "share" / "icinga2" / "include"

NAME = "here"
PASSWORD = "of this test only"
LOGIN = base64.b64encode(f"tests:{PASSWORD}".encode()).decode()

MAIN = """
include <itl>
const NodeName = "{name}"
const ZoneName = NodeName
object CheckerComponent "checker" {{ }}
object ApiListener "api" {{ bind_host = "127.0.0.1"; bind_port = {port}; ticket_salt = "x" }}
object ApiUser "tests" {{ password = "{password}"; permissions = [ "*" ] }}
object Endpoint NodeName {{ }}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
include "{folder}/conf.d/*.conf"
"""


class Icinga2:
    """One installation with some files."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        for name in ("conf.d", "etc", "run", "data/certs", "data/api", "cache", "log", "spool/tmp"):
            (folder / name).mkdir(parents=True)
        for name, text in files.items():
            (folder / "conf.d" / name).write_text(text, encoding="utf-8")
        self._port = _free_port()
        main = MAIN.format(name=NAME, port=self._port, password=PASSWORD, folder=folder)
        (folder / "icinga2.conf").write_text(main, encoding="utf-8")
        self._make_certificates()

    def _make_certificates(self) -> None:
        """Make a throw-away authority and certificate, as `icinga2 api setup` would."""
        certs = self.folder / "data" / "certs"
        authority = trustme.CA()
        mine = authority.issue_cert(NAME, common_name=NAME)
        authority.cert_pem.write_to_path(str(certs / "ca.crt"))
        mine.private_key_pem.write_to_path(str(certs / f"{NAME}.key"))
        mine.cert_chain_pems[0].write_to_path(str(certs / f"{NAME}.crt"))

    def _words(self, *words: str) -> list[str]:
        places = {
            "RunAsUser": pwd.getpwuid(os.geteuid()).pw_name,
            "RunAsGroup": grp.getgrgid(os.getegid()).gr_name,
            "ConfigDir": "etc",
            "DataDir": "data",
            "LogDir": "log",
            "CacheDir": "cache",
            "SpoolDir": "spool",
            "InitRunDir": "run",
            "PidPath": "run/icinga2.pid",
            "StatePath": "data/icinga2.state",
            "ModAttrPath": "data/modified-attributes.conf",
            "ObjectsPath": "cache/icinga2.debug",
            "VarsPath": "cache/icinga2.vars",
        }
        defines = []
        for key, value in places.items():
            text = value if key.startswith("RunAs") else str(self.folder / value)
            defines += ["-D", f"Configuration.{key}={text}"]
        return [str(ICINGA2), *words, "-I", str(TEMPLATES), *defines]

    def _env(self, env: Mapping[str, str]) -> dict[str, str]:
        return {**env, "HOME": str(self.folder), "LD_LIBRARY_PATH": str(PLACE / "libraries")}

    def _icinga2(self, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            self._words(*words),
            env=self._env(os.environ),
            capture_output=True,
            text=True,
            timeout=waiting.PATIENCE,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def validate(self) -> tuple[int, str]:
        """Let Icinga read everything: its exit code, and what it said."""
        return self._icinga2("daemon", "-C", "-c", str(self.folder / "icinga2.conf"))

    def run(self, env: Mapping[str, str], *asked: str) -> tuple[dict[str, Answer], str]:
        """Run until every service has been checked.

        Gives what Icinga holds of each by its display name, and as one text what its API tells
        about the objects of the kinds asked for.
        """
        log = self.folder / "log" / "stdout.log"
        words = self._words("daemon", "-c", str(self.folder / "icinga2.conf"))
        found: dict[str, Answer] = {}
        with running(words, self._env(env), log) as process:

            def started() -> bool:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                return self._api("GET", "status") is not None

            def checked() -> bool:
                services = self._objects("services")
                found.update({one["display_name"]: _answer(one) for one in services})
                return all(one["last_check_result"] for one in services)

            waiting.until(started)
            # Icinga spreads first checks over a minute.
            self._api("POST", "actions/reschedule-check", {"type": "Service", "force": True})
            waiting.until(checked)
            told = json.dumps([self._objects(kind) for kind in asked], ensure_ascii=False)
        return found, told

    def _objects(self, kind: str) -> Sequence[dict[str, Any]]:
        answer = self._api("GET", f"objects/{kind}")
        return [one["attrs"] for one in answer["results"]] if answer else []

    def _api(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API; None while there is none."""
        authority = str(self.folder / "data" / "certs" / "ca.crt")
        context = ssl.create_default_context(cafile=authority)
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=context)
        headers = {"Accept": "application/json", "Authorization": f"Basic {LOGIN}"}
        try:
            connection.request(method, f"/v1/{path}", json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return json.loads(text) if answer.status == http.HTTPStatus.OK else None


def _free_port() -> int:
    """Find a port that is free, and that the system gives to nobody who only wants any port."""
    for port in range(20000 + os.getpid() % 10000, 32000):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def _answer(service: Mapping[str, Any]) -> Answer:
    result = service["last_check_result"] or {"exit_status": -1, "output": ""}
    return Answer(
        state=int(result["exit_status"]),
        text=result["output"].partition("\n")[0].strip(),
        perfdata=" ".join(result.get("performance_data") or ()),
    )


def shown(answer: Answer) -> Answer:
    """Give an answer as Icinga holds it: without the quotes that a label needs no more."""
    return answer._replace(perfdata=re.sub(r"'([^' ]+)'=", r"\1=", answer.perfdata))
