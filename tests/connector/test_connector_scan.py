"""``--scan`` says beforehand of a list of command lines what would be answered otherwise."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from readers.recordings import RECORDINGS, of_class, words
from runner import COMMAND, TIMEOUT

from o365skype_bridge.connector import scan

SECRET = "s3~c$r`e&t"
BEGIN = (
    "/usr/lib/centreon/plugins//centreon_office365_skype_api.pl "
    "--plugin=cloud::microsoft::office365::skype::plugin --custommode='graphapi' "
    f"--tenant='a' --client-id='b' --client-secret='{SECRET}' "
)
DEVICES, USERS = f"{BEGIN}--mode=devices-usage ", f"{BEGIN}--mode=users-activity "

EQUAL, DIFFERS, REFUSED = "equal", "differs", "refused"
LINES = [
    (DEVICES, EQUAL, ""),
    (f"{DEVICES}--filter-user='[\\w-.]+@(?<n>x)' --warning-windows=10:", EQUAL, ""),
    (f"{DEVICES}--statefile-suffix=x", EQUAL, "--statefile-suffix has no effect: file names"),
    (f"{DEVICES}$_SERVICEEXTRAOPTIONS$", EQUAL, "$_SERVICEEXTRAOPTIONS$ may hold more options"),
    (
        DEVICES.replace("'a'", "'$_HOSTOFFICE365TENANT$'") + "--filter-user='$_SERVICEFILTERUSER$'",
        EQUAL,
        "",
    ),
    (f"{DEVICES}--http-peer-addr=192.0.2.1", DIFFERS, "--http-peer-addr has no effect: name"),
    (f"{DEVICES}--units=", DIFFERS, "--units= means percents here, and count there"),
    (f"{DEVICES}--timeout=60", DIFFERS, "--timeout is for the whole answer here, and 50 seconds"),
    (f"{DEVICES}--filter-user=zoë", DIFFERS, "a pattern sees characters here, and bytes there"),
    (f"{USERS}--filter-counters=", DIFFERS, "counters of every user are shown: text output ends"),
    (f"{USERS}--filter-counters='$_SERVICEFILTERCOUNTERS$'", EQUAL, ""),
    (
        f"{DEVICES}--change-short-output='a~b~e'",
        DIFFERS,
        "--change-short-output with the modifier e",
    ),
    (f"{DEVICES}--change-perfdata='a,b,eval(1)'", DIFFERS, "--change-perfdata with eval(...)"),
    (
        f"{DEVICES}--filter-user='\\Ga'",
        REFUSED,
        "--filter-user '\\\\Ga' has '\\\\G', which there is",
    ),
    (f"{DEVICES}--filter-perfdata='(?|a|b)'", REFUSED, "--filter-perfdata '(?|a|b)' has '(?|', "),
    (f"{DEVICES}--change-output-adv='f(),x,OK'", REFUSED, "--change-output-adv 'f()' cannot be"),
    (f"{DEVICES}--warning-windows=1KB", REFUSED, "Wrong warning-windows threshold '1KB'."),
    (f"{DEVICES}--warning-mac=1", REFUSED, "Unknown option: --warning-mac."),
    (f"{DEVICES}--graph-endpoint=http://a", REFUSED, "--graph-endpoint is http: credentials"),
    (f"{DEVICES}--pass-manager=keepass", REFUSED, "Cannot load module 'centreon::plugins::passw"),
    (DEVICES.replace("devices-usage", "multi"), REFUSED, "mode 'multi' is not taken here."),
    (DEVICES.replace("::skype::", "::exchange::"), REFUSED, "Cannot load module --plugin."),
    (DEVICES.replace("--tenant='a'", ""), REFUSED, "--tenant is missing, there as well"),
    ("echo 'a", REFUSED, "a quote that nothing ends"),
    ("echo", REFUSED, "this is no command line of the plugin"),
]


@pytest.mark.parametrize(("line", "verdict", "said"), LINES)
def test_line_has_its_verdict_and_reason(line: str, verdict: str, said: str) -> None:
    """Equal, answered otherwise, or refused; the secret is never repeated."""
    report, code = scan.scanned([line])
    head, *reasons, summary = report.splitlines()

    assert (head.split(" line 1")[0].strip(), code) == (verdict, scan.CODES[verdict])
    assert any(reason.strip().startswith(said) for reason in reasons) if said else not reasons
    assert summary.startswith("1 command lines: ")
    assert SECRET not in report


def test_lines_are_counted_and_the_worst_is_the_exit_code() -> None:
    """Blank lines and comments are none; numbers are those of the file."""
    report, code = scan.scanned(["# services", "", DEVICES, f"{DEVICES}--units=", "echo"])

    assert [line for line in report.splitlines() if line[0] != " "] == [
        "equal    line 3: skype-devices-usage",
        "differs  line 4: skype-devices-usage",
        "refused  line 5",
        "3 command lines: 1 equal, 1 differs, 1 refused",
    ]
    assert code == 2


ANSWERED = [name for name in of_class("contract") if RECORDINGS[name]["exit"] in (0, 1, 2)]


@pytest.mark.parametrize("name", ANSWERED)
def test_nothing_is_refused_that_was_recorded_as_answered_alike(name: str) -> None:
    """What the connector answered, and we to the byte as it, is not called refused."""
    line = shlex.join(words(RECORDINGS[name])).replace("{BASE}", "https://a")
    report, code = scan.scanned([line])

    assert code != scan.CODES[REFUSED], report


@pytest.mark.parametrize("form", ["file", "stdin"])
def test_installed_command_reads_a_file_or_stdin(form: str, tmp_path: Path) -> None:
    """With a summary at the end, and nothing on stderr."""
    file = tmp_path / "lines"
    file.write_text(f"{DEVICES}\n{DEVICES}--units=\n", "utf-8")
    done = subprocess.run(
        [COMMAND, "--scan", str(file) if form == "file" else "-"],
        input=file.read_text("utf-8") if form == "stdin" else "",
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "2 command lines: 1 equal, 1 differs, 0 refused"


def test_a_file_that_cannot_be_read_is_unknown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the reason."""
    file = tmp_path / "none"

    assert scan.scan(str(file)) == 3
    assert capfd.readouterr().out == (
        f"UNKNOWN: --scan '{file}' cannot be read: No such file or directory\n"
    )
