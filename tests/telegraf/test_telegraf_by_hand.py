"""The READMEs' lines that run Telegraf by hand, run as they stand on a host set up by them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Lab
from installed import run
from real_telegraf import ROOT, generated, needs_telegraf, printed, problems

pytestmark = needs_telegraf

FILE = "telegraf.d/o365skype.conf"
PAGES = ("README.md", "telegraf/README.md")
PASTED = re.search(
    r"```toml\n(# /etc/telegraf/telegraf.d/o365skype.conf\n.*?)```",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def lines() -> list[tuple[str, str]]:
    """Give the commands of the pages that have Telegraf collect once."""
    found = []
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            commands = re.split(r"(?<!\\)\n", block)
            found += [(page, command) for command in commands if "--test" in command]
    return found


def test_every_page_has_one() -> None:
    """None is overlooked: one in the README, and two in Telegraf's."""
    assert [page for page, _ in lines()] == [PAGES[0], PAGES[1], PAGES[1]]
    assert PASTED is not None


@pytest.mark.parametrize(("page", "line"), lines())
def test_line_prints_figures_as_the_service_account(
    lab: Lab, tmp_path: Path, page: str, line: str
) -> None:
    """With ids that only root may read from /etc/default/telegraf, everything is collected."""
    assert PASTED is not None
    config = PASTED[1] if page == PAGES[0] else generated(command="/usr/local/bin/o365skype-bridge")
    done = run(line, tmp_path, {FILE: config}, lab.env)
    points = printed(done)

    assert [text for text in problems(done.stderr) if "o365" in text or " E! " in text] == []
    assert {point.measurement for point in points} == {
        *("o365_bridge", "o365_skype_devices_usage", "o365_skype_users_activity")
    }


@pytest.mark.parametrize("page", PAGES)
def test_without_the_file_nothing_would_come(lab: Lab, tmp_path: Path, page: str) -> None:
    """What the line reads is what the service has: without it, ids are missing."""
    assert PASTED is not None
    config = PASTED[1] if page == PAGES[0] else generated(command="/usr/local/bin/o365skype-bridge")
    [line, *_] = (line for where, line in lines() if where == page)
    done = run(line.replace(". /etc/default/telegraf;", ""), tmp_path, {FILE: config}, lab.env)

    assert done.stdout == ""
    assert "'${O365_TENANT_ID}', which nothing has been put in" in done.stderr


def test_account_is_the_service_account(lab: Lab, tmp_path: Path) -> None:
    """The command runs as `telegraf`, whoever typed the line."""
    [(_, line), *_] = lines()
    config = '[[inputs.exec]]\n  commands = [["sh", "-c", "echo who,user=$(id -un) n=1i"]]\n'
    whole = f'{config}  data_format = "influx"\n'.replace("$", "$$")
    done = run(line, tmp_path, {FILE: whole}, lab.env)

    assert [point.tags["user"] for point in printed(done)] == ["telegraf"]
