"""What `inputs.exec` of a real Telegraf makes of us, when all is well and when it is not."""

from __future__ import annotations

import json
import re
import shlex
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import waiting
from catalogue import CATALOGUE
from conftest import COMMAND, Lab, MakeLab
from readers import files, line_protocol
from real_telegraf import (
    INTERNAL,
    ROOT,
    Agent,
    children,
    environment,
    generated,
    health,
    needs_telegraf,
    printed,
    problems,
    read,
    samples,
    script,
)

pytestmark = needs_telegraf

USERS = 50_000
GOLDEN = sorted(ROOT.glob("tests/golden/*/expected.influx"))
LABELS = {words.metric: words.label for report in CATALOGUE for words in report.words.words}


def lasting(point: line_protocol.Point) -> tuple[Any, ...]:
    """Give what of a health point does not change from second to second."""
    changing = ("age_seconds", "calls", "fetch_seconds")
    fields = {name: value for name, value in point.fields.items() if name not in changing}
    return point.measurement, point.tags, fields


def unprefixed(text: str) -> str:
    """Give a log without the times in it."""
    return re.sub(r"^\S+ ", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("expected", GOLDEN, ids=lambda path: str(path.parent.name))
def test_golden_lines_come_out_as_they_are(tmp_path: Path, expected: Path) -> None:
    """Telegraf writes the very points of a golden file and logs no problem."""
    command = script(tmp_path / "bridge", f"exec cat {shlex.quote(str(expected))}")
    agent = Agent(tmp_path / "telegraf")
    done = agent.once(generated("", command=command))
    points = read(expected.read_text(encoding="utf-8"))

    assert problems(done.stderr) == []
    assert sorted(agent.points(), key=repr) == sorted(points, key=repr)


def test_test_and_once_give_what_collect_prints(lab: Lab, tmp_path: Path) -> None:
    """What arrives through Telegraf is what the command prints by hand."""
    by_hand = read(lab.run("collect").stdout)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    text = generated("", state_dir=str(lab.state))
    shown, done = agent.test(text), agent.once(text)

    for stderr, points in ((shown.stderr, printed(shown)), (done.stderr, agent.points())):
        assert problems(stderr) == []
        assert samples(points) == samples(by_hand)
        assert sorted(map(lasting, health(points)), key=repr) == sorted(
            map(lasting, health(by_hand)), key=repr
        )


def test_times_are_days_and_whole_seconds(lab: Lab, tmp_path: Path) -> None:
    """Nanoseconds are read as such: a report's points stand on its day, health at a full second."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    agent.once(generated("", state_dir=str(lab.state)))
    day = 86_400 * 10**9

    assert {point.time % day for point in samples(agent.points())} == {0}
    assert {point.time % 10**9 for point in health(agent.points())} == {0}
    assert all(abs(point.time - time.time_ns()) < day for point in health(agent.points()))


def test_tags_of_the_block_join_ours(lab: Lab, tmp_path: Path) -> None:
    """A tag of the block is on every line, and ours stay."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    agent.once(generated("--tag site=paris --tenant contoso", state_dir=str(lab.state)))

    assert {(point.tags["site"], point.tags["tenant"]) for point in agent.points()} == {
        ("paris", "contoso")
    }


FAULTS: Mapping[str, tuple[dict[str, Any], str]] = {
    "slow": ({"latency": 120}, "pending"),
    "down": ({"faults": ["503"]}, "unreachable"),
    "throttled": ({"faults": ["throttled-seconds"]}, "throttled"),
    "refused": ({"faults": ["token-7000222"]}, "unauthorized"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_health_arrives_whatever_graph_does(make_lab: MakeLab, tmp_path: Path, fault: str) -> None:
    """Under a fault Telegraf goes on, each gather ends in time, and each brings the health line."""
    settings, outcome = FAULTS[fault]
    lab = make_lab(users=5, **settings)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path), extra=INTERNAL)
    line = "--interval 6s --timeout 5s --deadline 2s"
    with agent.running(generated(line, state_dir=str(lab.state))) as process:
        waiting.until(lambda: agent.outcomes().count(outcome) >= 4)
        points = agent.points("o365_bridge")
        assert process.poll() is None
    log = agent.logged()

    assert set(agent.outcomes()) - {"pending"} == {outcome} - {"pending"}
    assert {point.fields["success"] for point in points} == {False}
    assert all(len(str(point.fields["message"])) > 20 for point in points)
    assert samples(agent.points()) == []
    assert agent.internal("internal_gather", "gather_timeouts") == 0
    assert agent.internal("internal_write", "metrics_dropped") == 0
    ours = [line for line in unprefixed(log).splitlines() if "[inputs.exec::o365]" in line]
    assert [line for line in ours if outcome not in line and "pending" not in line] == []
    assert [line for line in unprefixed(log).splitlines() if " E! " in f" {line}"] == [
        line for line in ours if line.startswith("E! ")
    ]


def test_kept_figures_go_on_while_graph_is_down(lab: Lab, tmp_path: Path) -> None:
    """After a good fetch, an outage costs freshness and nothing else."""
    agent = Agent(
        tmp_path / "telegraf", env={**environment(lab, tmp_path), "O365_REFRESH_INTERVAL": "1"}
    )
    text = generated("--deadline 3s", state_dir=str(lab.state))
    agent.once(text)
    before = samples(agent.points())
    agent.out.unlink()
    lab.simulator.set_faults(["503"])
    waiting.until(lambda: is_stale(agent, text))

    assert samples(agent.points()) == before


def is_stale(agent: Agent, text: str) -> bool:
    """Collect anew, and say whether the answers were stale."""
    agent.out.unlink(missing_ok=True)
    agent.once(text)
    return set(agent.outcomes()) == {"stale"}


def test_limit_that_is_too_short_still_gets_an_answer(make_lab: MakeLab, tmp_path: Path) -> None:
    """At Telegraf's own limit we are told to end, and what we then say is taken."""
    lab = make_lab(users=5, latency=120)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    text = generated("--deadline 60s --timeout 90s", state_dir=str(lab.state))
    done = agent.once(text.replace('timeout = "90s"', 'timeout = "4s"'))

    assert "timed out" not in done.stderr
    assert {point.fields["outcome"] for point in agent.points()} == {"pending"}


def test_fetch_that_goes_on_does_not_hold_the_gather(make_lab: MakeLab, tmp_path: Path) -> None:
    """The process that goes on in the background holds none of Telegraf's pipes."""
    lab = make_lab(users=5, latency=2)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path), extra=INTERNAL)
    line = "--interval 4s --timeout 3s --deadline 1s"
    with agent.running(generated(line, state_dir=str(lab.state))):
        waiting.until(lambda: "ok" in agent.outcomes())
        waiting.until(lambda: "internal_gather" in agent.out.read_text())

    assert agent.outcomes()[0] == "pending"
    assert agent.internal("internal_gather", "gather_timeouts") == 0


def test_wrong_configuration_is_said_in_the_first_line(tmp_path: Path) -> None:
    """When there is nothing true to say, Telegraf's log has what is wrong and what to do, whole."""
    agent = Agent(tmp_path / "telegraf", env={"HOME": "/", "PATH": "/usr/bin:/bin"})
    done = agent.once(generated("--tenant contoso --config /nonexistent.toml"))
    [line] = [line for line in problems(done.stderr) if "[inputs.exec::o365-contoso]" in line]

    assert agent.points() == []
    assert "the configuration file '/nonexistent.toml' cannot be read: No such file" in line
    assert "Name a file that this user can read, with --config or O365_CONFIG." in line
    assert "..." not in line


def test_secret_never_gets_into_the_log(make_lab: MakeLab, tmp_path: Path) -> None:
    """Neither a failure nor Telegraf's own talkativeness shows the client secret."""
    secret = "s3cr3t~Value-of-this-test"
    lab = make_lab(users=5, client_secret=secret, faults=["token-7000215"])
    agent = Agent(
        tmp_path / "telegraf", env=environment(lab, tmp_path), extra="[agent]\n  debug = true\n"
    )
    done = agent.once(generated("", state_dir=str(lab.state)))

    assert lab.env["O365_CLIENT_SECRET"] == secret
    assert health(agent.points())[0].fields["outcome"] == "unauthorized"
    assert secret not in done.stderr + done.stdout + agent.out.read_text()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Report files of many users."""
    folder = tmp_path_factory.mktemp("large")
    for period in (1, 7):
        rows = (
            files.activity_row(f"user{number}@contoso.example", 1, 2, 3, period=period)
            for number in range(USERS)
        )
        (folder / f"{period}.csv").write_bytes(files.written(files.ACTIVITY, *rows))
    return folder


@pytest.mark.parametrize("fits", [True, False])
def test_many_users_lose_no_line(large: Path, tmp_path: Path, *, fits: bool) -> None:
    """With the buffer limit that is advised every user's line arrives; without, lines are lost."""
    command = script(
        tmp_path / "bridge",
        f'exec {COMMAND} "$@" --report skype-users-activity --from-folder {large}',
    )
    line = f"--per-user --users {USERS} --deadline 60s --timeout 90s --every-point"
    text = generated(line, command=command)
    [advised] = re.findall(r"^#   metric_buffer_limit = (\d+)$", text, re.MULTILINE)
    agent = Agent(tmp_path / "telegraf", limit=int(advised) if fits else 10_000)
    done = agent.once(text)
    users = [point.tags["user"] for point in agent.points() if "user" in point.tags]

    assert (len(users) == USERS) == fits
    assert len(set(users)) == len(users)
    assert ("buffer overflow" in done.stderr) != fits


def test_perfdata_reads_back_as_the_same_values(lab: Lab, tmp_path: Path) -> None:
    """Telegraf's reader of plugin output finds in `check` the values that `json` has."""
    lab.run("collect")
    report = "skype-users-activity"
    document = json.loads(lab.run("collect", "--output", "json", "--report", report).stdout)
    words = [str(COMMAND), "check", report, "--warning-active-users", "10:", "--units", "count"]
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    text = f"[[inputs.exec]]\n  commands = [{json.dumps(words)}]\n  data_format = 'nagios'\n"
    done = agent.once(text)
    points = agent.points("nagios")
    [state] = agent.points("nagios_state")
    found = {point.tags["perfdata"]: point.fields["value"] for point in points}
    active = {point.tags["perfdata"]: point for point in points}["active_users"]

    assert problems(done.stderr) == []
    assert {name: found[name] for name in found if name != "perfdate"} == values(document)
    assert active.tags["unit"] == "users"
    assert active.fields["warning_lt"] == 10.0
    assert state.fields["state"] in (0, 1)
    assert str(state.fields["service_output"]).startswith(("OK: ", "WARNING: "))


def values(document: Mapping[str, Any]) -> dict[str, float]:
    """Give a report's figures by their perfdata labels."""
    [result] = document["results"]
    known = [sample for sample in result["samples"] if sample["metric"] in LABELS]
    return {LABELS[sample["metric"]]: sample["value"] for sample in known}


def test_failed_check_reads_back_as_unknown(make_lab: MakeLab, tmp_path: Path) -> None:
    """A check that cannot say anything is state 3 with its text, and no values."""
    lab = make_lab(users=5, faults=["token-7000222"])
    words = [str(COMMAND), "check", "skype-users-activity"]
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    agent.once(f"[[inputs.exec]]\n  commands = [{json.dumps(words)}]\n  data_format = 'nagios'\n")
    [state] = agent.points("nagios_state")

    assert state.fields["state"] == 3
    assert "secret" in str(state.fields["service_output"])
    assert agent.points("nagios") == []


BAD = ("m,t=a f=NaN 1\n", "m f=01i 1\n", "m,t= f=1i 1\n", 'm f="a\\n" 1\n')


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_line_would_lose_all(tmp_path: Path, bad: str) -> None:
    """Telegraf drops the whole answer for one bad line: that is why ours never has one."""
    answer = tmp_path / "answer"
    answer.write_text(f"good,t=a f=1i 1000000000\n{bad}", encoding="utf-8")
    agent = Agent(tmp_path / "telegraf")
    done = agent.once(generated("", command=script(tmp_path / "bridge", f"cat {answer}")))

    assert agent.points() == []
    assert "metric parse error" in done.stderr


def test_exit_code_decides_over_all_lines(tmp_path: Path) -> None:
    """Telegraf drops what is printed with another exit code than 0: a gap must not have one."""
    command = script(tmp_path / "bridge", "echo 'good f=1i 1000000000'; exit 1")
    agent = Agent(tmp_path / "telegraf")
    done = agent.once(generated("", command=command))

    assert agent.points() == []
    assert done.returncode == 0


def test_stop_leaves_nothing_behind(lab: Lab, tmp_path: Path) -> None:
    """Telegraf ends when it is told to, while we wait for Graph."""
    lab.simulator.configure(latency=120)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    line = "--interval 40s --timeout 30s --deadline 5s --jitter 1s"
    with agent.running(generated(line, state_dir=str(lab.state))) as process:
        waiting.until(lambda: children(process.pid))
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=60) == 0
