"""However a fetch is ended, it ends at once, says what is left, and leaves a failure behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
import waiting
from conftest import COMMAND, Lab, MakeLab

from o365skype_bridge.simulator.records import Tenant

HANGING = "delay=300@reports"
"""A Graph that answers when nobody waits any more."""

DEVICES = ("--report", "skype-devices-usage")
LATE = "the login service or Graph gave no answer in time"
KEPT = "Days that were read are kept."
INTERRUPTS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture
def hanging(lab: Lab) -> Lab:
    """Give a Graph that does not answer in time."""
    lab.simulator.set_faults([HANGING])
    return lab


def outcome(lab: Lab, *words: str) -> tuple[str, str]:
    """Collect one report; give the outcome and its message."""
    done = lab.run("collect", "--output", "json", *DEVICES, *words)
    [result] = json.loads(done.stdout)["results"]
    return result["outcome"], result["message"]


def asked(lab: Lab) -> int:
    """Give the calls of Graph that were begun, whether they were answered or not."""
    return sum(
        len(entry["calls"])
        for path in lab.state.rglob("calls.json")
        for entry in json.loads(path.read_text() or "{}").values()
    )


def detached(lab: Lab) -> list[int]:
    """Give the processes that work for this lab in a session of their own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            pid = int(path.parent.name)
            if str(lab.state).encode() in path.read_bytes() and os.getsid(pid) != os.getsid(0):
                found.append(pid)
        except OSError:
            continue
    return found


def without_middle(line: str) -> str:
    """Leave out of a line of `refresh` who it was that gave no answer."""
    words = line.split()
    return " ".join([*words[:3], *words[-4:]])


def interrupted(lab: Lab, number: signal.Signals, *words: str) -> tuple[int, str, str]:
    """Run a command, send it a signal while Graph hangs; give exit code, stdout and stderr."""
    process = lab.popen(*words, "--tenant", "contoso")
    waiting.until(lambda: asked(lab))
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_refresh_ends_at_its_deadline(hanging: Lab) -> None:
    """`refresh --deadline` is over by then, and says of each report that it did not come."""
    done = hanging.run("refresh", "--tenant", "contoso", "--deadline", "2")

    assert (done.returncode, done.stderr) == (1, "")
    assert sorted(map(without_middle, done.stdout.splitlines())) == [
        "contoso skype-devices-usage unreachable no answer in time",
        "contoso skype-users-activity unreachable no answer in time",
    ]
    assert hanging.reports_asked() == []


def test_refresh_of_many_tenants_ends_at_one_deadline(make_lab: MakeLab, tmp_path: Path) -> None:
    """Forty tenants that hang, more than are asked at once, have one deadline, not one each."""
    names = [f"t{number}" for number in range(40)]

    def tenant(id_: str) -> Tenant | None:
        return Tenant(tenant_id=id_, client_id="client", client_secret="secret", faults=(HANGING,))

    lab = make_lab(tenant_factory=tenant)
    config = tmp_path / "config.toml"
    tables = [f'[tenants.{name}]\ntenant_id = "{name}.example"\n' for name in names]
    client = 'client_id = "client"\nclient_secret = "secret"\n'
    config.write_text("".join(table + client for table in tables))
    config.chmod(0o600)
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    done = lab.run("refresh", *DEVICES, "--deadline", "3", O365_CONFIG=str(config))

    assert done.returncode == 1
    assert sorted(line.split()[:3] for line in done.stdout.splitlines()) == sorted(
        [name, "skype-devices-usage", "unreachable"] for name in names
    )


@pytest.mark.parametrize("number", INTERRUPTS)
def test_interrupted_refresh_says_what_is_left(hanging: Lab, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it while Graph hangs, with 3 and one line."""
    got = interrupted(hanging, number, "refresh")

    assert got == (
        3,
        "",
        "E! interrupted. Not fetched: contoso skype-devices-usage, contoso skype-users-activity.\n",
    )
    assert hanging.reports_asked() == []


@pytest.mark.parametrize("number", INTERRUPTS)
@pytest.mark.parametrize("words", [(), ("--filter-user", "a")])
def test_interrupted_backfill_says_what_is_left(
    lab: Lab, number: signal.Signals, words: tuple[str, ...]
) -> None:
    """It ends while Graph hangs, with 3 and one line; what was read before is kept."""
    lab.run("collect", "--tenant", "contoso")
    lab.simulator.set_faults([HANGING])
    for path in lab.state.rglob("calls.json"):
        path.unlink()
    code, out, err = interrupted(lab, number, "backfill", "--days", "3", *DEVICES, *words)

    assert (code, out) == (3, "")
    assert re.fullmatch(
        rf"E! interrupted\. contoso skype-devices-usage: days left: 3 \(\S+ to \S+\)\. {KEPT}\n",
        err,
    )


def test_interrupt_before_anything_was_read_is_said(hanging: Lab) -> None:
    """Without the newest day nothing is known about those before it."""
    got = interrupted(hanging, signal.SIGINT, "backfill", *DEVICES)

    assert got == (
        3,
        "",
        f"E! interrupted. contoso skype-devices-usage: nothing was read. {KEPT}\n",
    )


def poll_and_end(lab: Lab, number: signal.Signals) -> None:
    """Let a poll's fetch go on in the background, and end it there."""
    lab.run("collect", *DEVICES, "--deadline", "0.5")
    waiting.until(lambda: asked(lab))
    for pid in detached(lab):
        os.kill(pid, number)
    waiting.until(lambda: not detached(lab))


def test_ended_fetch_is_a_failure_that_holds_off(hanging: Lab) -> None:
    """After a fetch was told to end, the next polls say why there is nothing, and ask nothing."""
    poll_and_end(hanging, signal.SIGTERM)
    before = asked(hanging)
    polls = [outcome(hanging) for _ in range(3)]

    assert polls == [("unreachable", LATE)] * 3
    assert asked(hanging) == before == 1


def test_ended_fetch_leaves_the_failure_that_it_had(lab: Lab) -> None:
    """What was in its way before it was ended is more than that it was ended."""
    lab.simulator.set_faults(["503:1@reports", HANGING])
    process = lab.popen("collect", *DEVICES, "--deadline", "30")
    waiting.until(lambda: asked(lab) == 2)
    for pid in detached(lab):
        os.kill(pid, signal.SIGTERM)
    process.communicate(timeout=60)
    kind, message = outcome(lab)

    assert (kind, message.partition(":")[0]) == ("unreachable", "Graph has a passing problem")
    assert asked(lab) == 2


def test_killed_fetch_is_tried_again(hanging: Lab) -> None:
    """A fetch that had no chance to say anything holds nobody off."""
    poll_and_end(hanging, signal.SIGKILL)
    hanging.simulator.set_faults([])

    assert outcome(hanging)[0] == "ok"


def test_fetch_that_may_not_go_on_is_a_failure_that_holds_off(hanging: Lab) -> None:
    """Without a background the time is over with the answer, and the next polls say so."""
    hanging.run("collect", *DEVICES, "--deadline", "2", "--no-background")
    waiting.until(lambda: not detached(hanging))
    before = asked(hanging)
    polls = [outcome(hanging, "--no-background")[0] for _ in range(3)]

    assert polls == ["unreachable"] * 3
    assert asked(hanging) == before == 1


def test_filter_that_never_ends_does_not_go_on_for_ever(make_lab: MakeLab) -> None:
    """A regular expression heeds no signal; its process is ended all the same."""
    lab = make_lab(users=20)
    words = ("--filter-user", "^(.+)+!$", "--no-background", "--deadline", "3")
    lab.run("collect", *DEVICES, *words)

    waiting.until(lambda: not detached(lab))


@pytest.mark.parametrize("deadline", ["1e300", "1e18", "9" * 300, "86400.5"])
@pytest.mark.parametrize("command", ["collect", "refresh", "backfill --days=3"])
def test_huge_deadline_is_as_good_as_none(lab: Lab, command: str, deadline: str) -> None:
    """What no clock of the system can count is the longest that it can."""
    done = lab.run(*command.split(), *DEVICES, "--deadline", deadline)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("deadline", ["0", "1e-9", "1e-300", "0.001"])
def test_tiny_deadline_is_answered(lab: Lab, deadline: str) -> None:
    """No time at all still gives an answer."""
    assert outcome(lab, "--deadline", deadline)[0] == "pending"


@pytest.mark.parametrize("deadline", ["nan", "inf", "-1", "soon", "1e999"])
@pytest.mark.parametrize("command", ["collect", "refresh", "backfill", "execd"])
def test_deadline_that_is_none_is_refused(lab: Lab, command: str, deadline: str) -> None:
    """Whatever is no number of seconds is said, and nothing is asked."""
    done = subprocess.run(
        [COMMAND, command, f"--deadline={deadline}"],
        env=lab.env,
        input="\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "is not a number of seconds" in done.stdout + done.stderr
    assert list(lab.simulator.calls) == []


def test_surprise_is_remembered(lab: Lab) -> None:
    """A mistake of ours is asked about once, not at every poll."""
    code = (
        "import sys\n"
        "from o365skype_bridge.engine import refresh\n"
        "def surprise(*_): raise AttributeError\n"
        "refresh.Refresher._ask = surprise\n"
        "from o365skype_bridge.cli.entry import main\n"
        "sys.exit(main(['collect', '--report', 'skype-devices-usage', '--deadline', '30']))"
    )
    lab.python(code)
    held = json.loads(
        next(lab.state.rglob("skype-devices-usage.json")).read_bytes().partition(b"\n")[2]
    )

    assert held["failure"]["outcome"]["message"] == "unexpected AttributeError"
