"""Manual pages and completion are fresh, good for their readers, and complete."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import docs_manual
import pytest

from o365skype_bridge.cli import commands

ROOT = Path(__file__).parent.parent
SHELLS = ROOT / ".agents/shells"
PAGES = [path for path in docs_manual.everything() if path.endswith(".1")]

with_shells = pytest.mark.skipif(
    not SHELLS.exists(), reason="make agents unpacks zsh, fish and mandoc where there is apt"
)
with_man = pytest.mark.skipif(not shutil.which("man"), reason="there is no man on this host")

BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
made=$(complete -p o365skype-bridge); made=${made#*-F }; made=${made%% *}
"$made" o365skype-bridge "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""

ZSH = r"""
shells=$1 script=$2 line=$3 dump=$4
module_path=($shells/usr/lib/*/zsh/*(/))
zmodload zsh/zpty
zpty asked "$shells/bin/zsh -f -i"
fpath=(${script:h} $shells/usr/share/zsh/functions/**/(N))
zpty -w asked "module_path=($module_path); fpath=($fpath); autoload -U compinit"
zpty -w asked "compinit -u -d $dump; bindkey '^I' complete-word; PS1=\$'\x52EADY>'"
zpty -r asked text '*READY>*'
zpty -w -n asked "$line"$'\t'
zpty -r asked text "*${line##* }* "
print -r -- $text
zpty -d asked
"""
"""Types a line and Tab at a zsh that has a terminal, and says what stands there then."""

TYPED = {
    "o365skype-bridge ref": "refresh",
    "o365skype-bridge check teams-users-act": "teams-users-activity",
    "o365skype-bridge generate zab": "zabbix",
    "o365skype-bridge generate zabbix --mo": "--mode",
    "o365skype-bridge collect --output inf": "influx",
    "o365skype-bridge doctor --as": "--as",
}
"""What is typed, and the only way to go on."""


@pytest.mark.parametrize("path", docs_manual.everything())
def test_file_is_fresh(path: str) -> None:
    """What is committed is what `make docs` would write now."""
    if sys.version_info >= (3, 13):
        pytest.skip("this Python prints help differently")
    fresh = docs_manual.everything()[path]()

    assert (ROOT / path).read_text(encoding="utf-8") == fresh


def test_every_command_has_a_page() -> None:
    """`man o365skype-bridge refresh` finds something, for every command."""
    names = [Path(path).name for path in PAGES]

    assert names == [
        "o365skype-bridge.1",
        *(f"o365skype-bridge-{name}.1" for name in commands.SUMMARIES),
    ]


@with_man
@pytest.mark.parametrize("path", PAGES)
def test_groff_has_nothing_to_say(path: str) -> None:
    """No page gives a warning where it is read."""
    done = subprocess.run(
        ["man", "--warnings", "-l", "-Tutf8", ROOT / path],
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert done.stderr.decode() == ""


@with_shells
@pytest.mark.parametrize("path", PAGES)
def test_mandoc_has_nothing_to_warn_of(path: str) -> None:
    """Nor does the other reader of manual pages."""
    done = subprocess.run(
        [SHELLS / "usr/bin/mandoc", "-Tlint", "-Wwarning", ROOT / path],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.stdout.decode() + done.stderr.decode() == ""


@pytest.mark.parametrize("line", TYPED)
def test_bash_completes(line: str) -> None:
    """Bash goes on with the only word there is."""
    script = ROOT / docs_manual.COMPLETIONS["bash"]
    done = subprocess.run(
        ["bash", "-c", BASH, "bash", script, *line.split()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert (done.stdout.split(), done.stderr) == ([TYPED[line]], "")


@with_shells
@pytest.mark.parametrize("line", TYPED)
def test_fish_completes(line: str, tmp_path: Path) -> None:
    """Fish does so, too, and says what it is."""
    script = ROOT / docs_manual.COMPLETIONS["fish"]
    [libraries] = (SHELLS / "usr/lib").glob("*-linux-gnu")
    done = subprocess.run(
        [SHELLS / "usr/bin/fish", "-N", "-c", f"source {script}; complete -C '{line}'"],
        env={**os.environ, "LD_LIBRARY_PATH": str(libraries), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    [found] = [row for row in done.stdout.splitlines() if row]

    assert found.split("\t")[0] == TYPED[line]


@with_shells
@pytest.mark.parametrize("line", TYPED)
def test_zsh_completes(line: str, tmp_path: Path) -> None:
    """Zsh does so, too, where it is typed."""
    script = ROOT / docs_manual.COMPLETIONS["zsh"]
    done = subprocess.run(
        [SHELLS / "bin/zsh", "-f", "-c", ZSH, "zsh", SHELLS, script, line, tmp_path / "dump"],
        env={**os.environ, "TERM": "dumb", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert f"{line[: line.rindex(' ')]} {TYPED[line]} " in done.stdout
