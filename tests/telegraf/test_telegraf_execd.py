"""What `inputs.execd` of a real Telegraf makes of us, over many signals and through restarts."""

from __future__ import annotations

import os
import shlex
import signal
from pathlib import Path

import waiting
from conftest import COMMAND, Lab, MakeLab
from real_telegraf import (
    INTERNAL,
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

OFTEN = ('interval = "2s"', 'interval = "200ms"')
SOON = ('restart_delay = "10s"', 'restart_delay = "1s"')


def often(lab: Lab, line: str = "", command: Path = COMMAND) -> str:
    """Generate a file, and then have it ask more often than a generated file would."""
    text = generated(
        f"--mode execd --interval 2s --deadline 1s {line}",
        command=command,
        state_dir=str(lab.state),
    )
    assert OFTEN[0] in text
    assert SOON[0] in text
    return text.replace(*OFTEN).replace(*SOON)


def answers(agent: Agent) -> int:
    """Give the number of answers so far: each has two health lines."""
    return len(agent.points("o365_bridge")) // 2


def test_test_gives_what_collect_prints(lab: Lab, tmp_path: Path) -> None:
    """What arrives through execd is what `collect` prints by hand."""
    by_hand = read(lab.run("collect").stdout)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    done = agent.test(generated("--mode execd", state_dir=str(lab.state)), wait=10)
    points = printed(done)

    assert problems(done.stderr) == []
    assert samples(points) == samples(by_hand)
    assert [point.tags for point in health(points)] == [point.tags for point in health(by_hand)]


def test_fifty_signals_are_fifty_answers(lab: Lab, tmp_path: Path) -> None:
    """One process answers every signal; no gather fails and nothing is dropped."""
    lab.run("collect")
    calls = len(lab.simulator.calls)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path), extra=INTERNAL)
    with agent.running(often(lab, "--every-point")) as process:
        waiting.until(lambda: answers(agent) >= 1)
        [first] = children(process.pid)
        waiting.until(lambda: answers(agent) >= 50)
        [last] = children(process.pid)
    points = health(agent.points())

    assert first == last
    assert [line for line in problems(agent.logged()) if " E! " in line] == []
    assert len({(point.tags["report"], point.time) for point in points}) == len(points)
    assert {point.fields["success"] for point in points} == {True}
    assert agent.internal("internal_write", "metrics_dropped") == 0
    assert len(lab.simulator.calls) == calls


def test_times_keep_their_fraction(lab: Lab, tmp_path: Path) -> None:
    """Health points stand at their moment, and reports on their day."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    with agent.running(often(lab)):
        waiting.until(lambda: answers(agent) >= 5)

    assert {point.time % 10**9 for point in health(agent.points())} != {0}
    assert {point.time % (86_400 * 10**9) for point in samples(agent.points())} == {0}


def test_killed_process_is_started_again(lab: Lab, tmp_path: Path) -> None:
    """After a kill Telegraf starts another process, which goes on answering."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    with agent.running(often(lab)) as process:
        waiting.until(lambda: answers(agent) >= 3)
        [first] = children(process.pid)
        os.kill(int(first), signal.SIGKILL)
        waiting.until(lambda: children(process.pid) not in ([], [first]))
        before = answers(agent)
        waiting.until(lambda: answers(agent) >= before + 5)
        log = agent.logged()

        assert process.poll() is None
    assert f"Process {COMMAND} exited: signal: killed" in log
    assert 'stderr: "' not in log  # Telegraf may say that it cannot read any more


def test_reload_ends_one_process_and_starts_another(lab: Lab, tmp_path: Path) -> None:
    """When Telegraf reads its configuration anew, the old process leaves by itself."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    command = watched(tmp_path)
    with agent.running(often(lab, command=command)) as process:
        waiting.until(lambda: answers(agent) >= 3)
        first = children(process.pid)
        process.send_signal(signal.SIGHUP)
        waiting.until(lambda: children(process.pid) not in ([], first))
        before = answers(agent)
        waiting.until(lambda: answers(agent) >= before + 5)

        assert ends(tmp_path) == ["0"]
    assert ends(tmp_path) == ["0", "0"]


def test_stop_needs_no_signal(make_lab: MakeLab, tmp_path: Path) -> None:
    """When stdin ends we leave at once, also while Graph keeps us waiting."""
    lab = make_lab(users=5, latency=120)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    text = generated(
        "--mode execd --deadline 60s --jitter 1s",
        command=watched(tmp_path),
        state_dir=str(lab.state),
    )
    with agent.running(text) as process:
        waiting.until(lambda: lab.state.exists() and any(lab.state.rglob("*.lock")))
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=60) == 0
    assert ends(tmp_path) == ["0"]
    assert f"Process {tmp_path / 'bridge'} shut down" in agent.logged()


def watched(folder: Path) -> Path:
    """Make a command that runs ours, and notes its exit code and whether it was signalled.

    Telegraf sends a signal when a process is still there five seconds after stdin ended.
    """
    noted = shlex.quote(str(folder / "ends"))
    return script(
        folder / "bridge",
        f"trap 'echo signalled >> {noted}' TERM\n{COMMAND} \"$@\"\necho $? >> {noted}",
    )


def ends(folder: Path) -> list[str]:
    """Give what the watched command has noted."""
    path = folder / "ends"
    return path.read_text().split() if path.exists() else []


def test_health_goes_on_while_graph_is_down(lab: Lab, tmp_path: Path) -> None:
    """A failing Graph is told in each answer; the process stays the same."""
    lab.simulator.set_faults(["503"])
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    with agent.running(often(lab)) as process:
        waiting.until(lambda: agent.outcomes().count("unreachable") >= 10)
        [first] = children(process.pid)
        waiting.until(lambda: agent.outcomes().count("unreachable") >= 30)
        [last] = children(process.pid)
    log = agent.logged()

    assert first == last
    assert set(agent.outcomes()) <= {"pending", "unreachable"}
    assert samples(agent.points()) == []
    assert "exited" not in log
    assert 'stderr: "' not in log


def test_missing_command_keeps_telegraf_from_starting(lab: Lab, tmp_path: Path) -> None:
    """The generated file says so, because Telegraf then collects nothing else either."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    text = generated("--mode execd", command="/nonexistent/bridge")
    with agent.running(text) as process:
        assert process.wait(timeout=60) == 1

    assert "Telegraf itself does not start when the\n  ## program is missing" in text


def test_wrong_configuration_is_said_and_mended(lab: Lab, tmp_path: Path) -> None:
    """Without usable settings the log says why, in a line that does not stop Telegraf's reader.

    A line of 64 KiB would; there is no restart, and answers begin as soon as the file is good.
    """
    config = tmp_path / "config.toml"
    config.write_text(f"nonsense{'x' * 100_000} = 1\n")
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    with agent.running(often(lab, f"--config {config}")) as process:
        waiting.until(lambda: "unknown key 'nonsense" in agent.logged())
        [first] = children(process.pid)
        config.write_text("refresh_interval = 3600\n")
        waiting.until(lambda: "ok" in agent.outcomes())

        assert children(process.pid) == [first]
    assert max(map(len, agent.logged().splitlines())) < 1024


def test_both_modes_share_what_is_kept(lab: Lab, tmp_path: Path) -> None:
    """A process for each collection and one that stays ask Graph once between them."""
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    agent.once(generated("", state_dir=str(lab.state)))
    calls = len(lab.simulator.calls)
    agent.test(generated("--mode execd", state_dir=str(lab.state)), wait=5)

    assert len(lab.simulator.calls) == calls


def test_secret_is_not_in_the_log_of_the_start(make_lab: MakeLab, tmp_path: Path) -> None:
    """Telegraf logs the whole command line of a process that stays: there is no secret in it."""
    secret = "s3cr3t~Value-of-this-test"
    lab = make_lab(users=5, client_secret=secret)
    agent = Agent(tmp_path / "telegraf", env=environment(lab, tmp_path))
    with agent.running(often(lab), words=["--debug"]):
        waiting.until(lambda: answers(agent) >= 2)

    assert "Starting process:" in agent.logged()
    assert secret not in agent.logged()
