"""`execd` when something is wrong: with Graph, the configuration, or whoever reads stderr."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from conftest import Lab, MakeLab

from execd.staying import (
    ALWAYS,
    HANGING,
    Execd,
    execd,
    outcomes,
    processes,
    samples,
    spent,
    start,
    wait_for,
)
from o365skype_bridge.simulator.records import Tenant

OK = ["ok", "ok"]
ALWAYS_ASK = ("--refresh-interval", "0")


@pytest.fixture
def config(lab: Lab, tmp_path: Path) -> Path:
    """Give the configuration file that the lab's command uses."""
    path = tmp_path / "config.toml"
    lab.env["O365_CONFIG"] = str(path)
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    return path


def write(lab: Lab, config: Path, *names: str, secret: str = "") -> None:
    """Write a configuration of tenants, all of them the simulated one."""
    tables = [
        f'[tenants.{name}]\ntenant_id = "{lab.simulator.tenant_ids[0]}"\n'
        f'client_id = "{lab.simulator.client_id}"\n'
        f'client_secret = "{secret or lab.simulator.client_secret}"\n'
        for name in names
    ]
    new = config.with_suffix(".new")
    new.write_text("".join(tables))
    new.chmod(0o600)
    new.replace(config)


def tenants(lines: list[str]) -> list[str]:
    """Give the tenants of the health lines."""
    found = [line.split()[0] for line in lines if line.startswith("o365_bridge,")]
    return [words.partition("tenant=")[2] for words in found]


@pytest.mark.parametrize(
    ("fault", "outcome", "deadline"),
    [
        ("status=503@reports", "unreachable", "30"),
        ("close@reports", "unreachable", "30"),
        ("throttled-seconds@reports", "throttled", "30"),
        ("forbidden-flat@reports", "forbidden", "30"),
        ("token-7000215", "unauthorized", "30"),
        ("html@reports", "malformed", "30"),
        (HANGING, "pending", "1"),
    ],
)
def test_failing_graph_is_a_health_line(lab: Lab, fault: str, outcome: str, deadline: str) -> None:
    """Whatever Graph does, every newline is answered by the deadline, and says what it is."""
    lab.simulator.set_faults([fault])
    words = (*ALWAYS_ASK, "--report", "skype-devices-usage", "--deadline", deadline)
    with execd(lab, *words, reports=1) as staying:
        answers = [staying.asked() for _ in range(2)]

    assert [outcomes(answer) for answer in answers] == [[outcome]] * 2
    assert [samples(answer) for answer in answers] == [[]] * 2


@pytest.mark.parametrize("fault", ["status=503@reports", "throttled-seconds@reports", HANGING])
def test_last_figures_are_served_while_graph_is_away(lab: Lab, fault: str) -> None:
    """What was known before stays the answer, marked as stale."""
    with execd(lab, *ALWAYS_ASK, "--deadline", "5") as staying:
        good = staying.asked()
        lab.simulator.set_faults([fault])
        away = staying.asked()

    assert (outcomes(good), outcomes(away)) == (OK, ["stale", "stale"])
    assert samples(away) == samples(good)


def test_fetch_that_had_to_be_ended_holds_off(lab: Lab) -> None:
    """What hangs beyond all limits is a failure, and is not tried again at the next newline."""
    lab.simulator.set_faults([HANGING])
    words = ("--report", "skype-devices-usage", "--deadline", "1", "--no-background")
    with execd(lab, *words, reports=1) as staying:
        staying.asked()
        answers = [staying.outcomes() for _ in range(3)]

    assert (answers, spent(lab)) == ([["unreachable"]] * 3, 1)


def test_worker_that_was_ended_leaves_the_failure_that_it_had(lab: Lab, tmp_path: Path) -> None:
    """What was in its way before it was ended is more than that it was ended."""
    lab.simulator.set_faults(["503:1@reports", HANGING])
    err = tmp_path / "err"
    words = ("--report", "skype-devices-usage", "--deadline", "60")
    with execd(lab, *words, reports=1, err=err) as staying:
        staying.signal()
        wait_for(lambda: spent(lab) == 2)
        for pid in set(processes(lab)) - {staying.process.pid}:
            os.kill(pid, signal.SIGKILL)
        answers = [outcomes(staying.answer()), staying.outcomes()]

    assert (answers, spent(lab)) == ([["unreachable"]] * 2, 2)
    assert "unreachable: Graph has a passing problem: HTTP 503" in err.read_text()


def test_graph_that_comes_back_is_used(lab: Lab) -> None:
    """After a failure without any figures the next answer has them."""
    lab.simulator.set_faults(["forbidden-flat@reports"])
    with execd(lab, *ALWAYS_ASK, "--deadline", "30") as staying:
        down = staying.outcomes()
        lab.simulator.set_faults([])
        up = staying.outcomes()

    assert (down, up) == (["forbidden"] * 2, OK)


def test_retry_after_is_obeyed(lab: Lab) -> None:
    """What Graph asked to be left alone with is not asked at the next newlines."""
    lab.simulator.set_faults(["throttled-seconds@reports"])
    with execd(lab, "--deadline", "30") as staying:
        answers = [staying.outcomes() for _ in range(5)]

    assert answers == [["throttled"] * 2] * 5
    assert len(lab.reports_asked()) == 2


def test_changed_configuration_is_in_force_at_the_next_newline(lab: Lab, config: Path) -> None:
    """A file that was replaced is read again; who is still in it is not asked for again."""
    write(lab, config, "contoso")
    with execd(lab) as staying:
        one = staying.asked()
        write(lab, config, "contoso", "fabrikam")
        asked = len(lab.simulator.calls)
        two = Execd(staying.process, 4).asked()
        more = len(lab.simulator.calls) - asked

    assert (tenants(one), tenants(two)) == (["contoso"] * 2, ["contoso"] * 2 + ["fabrikam"] * 2)
    assert (outcomes(two), more) == (OK * 2, 10)


def test_broken_configuration_leaves_the_old_one_in_force(
    lab: Lab, config: Path, tmp_path: Path
) -> None:
    """A new file that cannot be used is said once, and does no harm."""
    write(lab, config, "contoso")
    err = tmp_path / "err"
    with execd(lab, err=err) as staying:
        first = staying.outcomes()
        config.write_text("[tenants.contoso\n")
        broken = [staying.outcomes() for _ in range(5)]
        said = err.read_text()
        write(lab, config, "fabrikam")
        after = tenants(staying.asked())

    assert (first, broken, after) == (OK, [OK] * 5, ["fabrikam"] * 2)
    assert said.count("\n") == 1
    assert said.startswith(f"E! the configuration file '{config}' is not TOML")
    assert said.endswith("The former configuration stays in force.\n")


def test_missing_configuration_at_the_start_is_waited_for(
    lab: Lab, config: Path, tmp_path: Path
) -> None:
    """Without anything to ask it says why, stays, and begins when the file is there."""
    err = tmp_path / "err"
    with execd(lab, err=err) as staying:
        staying.signal(3)
        wait_for(err.read_text)
        said = err.read_text()
        write(lab, config, "contoso")
        answer = staying.asked()

    assert (outcomes(answer), tenants(answer)) == (OK, ["contoso"] * 2)
    assert (said.count("\n"), said[:3]) == (1, "E! ")


def test_new_secret_is_used(lab: Lab, config: Path) -> None:
    """A wrong secret put right in the file works at the next newline."""
    write(lab, config, "contoso", secret="wrong")
    with execd(lab) as staying:
        wrong = staying.outcomes()
        write(lab, config, "contoso")
        right = staying.outcomes()

    assert (wrong, right) == (["unauthorized"] * 2, OK)


def test_rotated_secret_file_is_used(lab: Lab, tmp_path: Path) -> None:
    """A secret in a file of its own is read again when that file is another one."""
    path = tmp_path / "secret"
    path.write_text("wrong")
    path.chmod(0o600)
    del lab.env["O365_CLIENT_SECRET"]
    with execd(lab, O365_CLIENT_SECRET_FILE=str(path)) as staying:
        wrong = staying.outcomes()
        path.write_text(lab.simulator.client_secret)
        right = staying.outcomes()

    assert (wrong, right) == (["unauthorized"] * 2, OK)


@pytest.mark.parametrize("tenant", ["contoso", "ü" * 230])
def test_stderr_is_short_prefixed_and_not_repeated(lab: Lab, tmp_path: Path, tenant: str) -> None:
    """Each line has its prefix and less than 512 bytes; what is the same is said once."""
    err = tmp_path / "err"
    lab.simulator.set_faults(["forbidden-flat@reports"])
    words = (*ALWAYS_ASK, "--deadline", "30", "--tenant", tenant)
    with execd(lab, *words, err=err) as staying:
        for _ in range(5):
            staying.asked()
    lines = err.read_bytes().splitlines(keepends=True)

    assert len(lines) == 2
    assert {line[:3] for line in lines} == {b"E! "}
    assert max(map(len, lines)) < 512
    assert {line[-1:] for line in lines} == {b"\n"}


def test_stderr_that_nobody_reads_does_not_hold_it_up(lab: Lab) -> None:
    """A full pipe behind stderr costs the lines, not the answers."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while True:
        try:
            os.write(writer, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writer, True)
    lab.simulator.set_faults(["forbidden-flat@reports"])
    words = ("--deadline", "30", "--report", "skype-devices-usage")
    process = start(lab, *words, errors=writer)
    os.close(writer)
    staying = Execd(process, 1)
    answer = staying.outcomes()
    staying.hang_up()
    ended = staying.ended()
    os.close(reader)
    assert process.stdout is not None
    process.stdout.close()

    assert (answer, ended) == (["forbidden"], (0, ""))


def test_memory_is_flat(lab: Lab) -> None:
    """Ten thousand answers leave no more behind than the first thousand did."""
    lab.run("collect")
    code = (
        "import os, sys\n"
        "from o365skype_bridge.cli import execd\n"
        "from o365skype_bridge.execd import stopping, streams\n"
        "from o365skype_bridge.model import options\n"
        "values = options.defaults(execd.OPTIONS) | {'per_user': True}\n"
        "nothing = os.open(os.devnull, os.O_RDWR)\n"
        "reader, writer = os.pipe()\n"
        "inlet = streams.Inlet(stopping.installed(), reader, nothing)\n"
        "loop = execd.Loop(values, inlet, streams.Outlet(inlet, nothing, 2))\n"
        "def used():\n"
        "    pages = open('/proc/self/statm').read().split()[1]\n"
        "    return int(pages) * os.sysconf('SC_PAGE_SIZE')\n"
        "import gc; gc.enable()\n"
        "for _ in range(1000): loop.answer()\n"
        "before = used()\n"
        "for _ in range(9000): loop.answer()\n"
        "print((used() - before) < 1 << 20)\n"
        "loop._session.worker.end()\n"
    )
    done = lab.python_unmeasured(code)

    assert (done.stdout, done.stderr) == ("True\n", "")


def test_slow_tenant_hides_no_other(make_lab: MakeLab, tmp_path: Path) -> None:
    """While one tenant's Graph hangs the others are fresh at every newline."""
    names = ("slow", "good")

    def tenant(id_: str) -> Tenant | None:
        faults = (HANGING,) if id_ == "slow.example" else ()
        return Tenant(tenant_id=id_, client_id="client", client_secret="secret", faults=faults)

    lab = make_lab(tenant_factory=tenant)
    config = tmp_path / "config.toml"
    config.write_text(
        "".join(
            f'[tenants.{name}]\ntenant_id = "{name}.example"\nclient_id = "client"\n'
            'client_secret = "secret"\n'
            for name in names
        )
    )
    config.chmod(0o600)
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    words = ("--report", "skype-devices-usage", *ALWAYS, "--deadline", "4")
    with execd(lab, *words, reports=2, O365_CONFIG=str(config)) as staying:
        first, second = staying.asked(), staying.due()

    assert [outcomes(first), outcomes(second)] == [["pending", "ok"]] * 2
    assert len([call for call in lab.simulator.calls if call.kind == "report"]) == 3


def test_users_are_capped_and_nameless(lab: Lab, tmp_path: Path) -> None:
    """What is shown of users is cut and renamed at every newline, the same as in `collect`."""
    key, err = tmp_path / "key", tmp_path / "err"
    key.write_text("a long random key")
    key.chmod(0o600)
    question = ("--report", "skype-users-activity", "--per-user", "--max-users", "2")
    words = (*question, "--pseudonymize", str(key))
    with execd(lab, *words, reports=1, err=err) as staying:
        cold, warm = staying.asked(), staying.asked()
        key.unlink()
        without = staying.asked()
    collected = lab.run("collect", *question).stdout

    assert samples(cold) == samples(warm) == samples(without)
    assert sum(",user=" in line for line in samples(cold)) == 2 + 1
    assert "@" in collected
    assert "@" not in "".join([*cold, *warm, *without, err.read_text()])
    assert err.read_text().startswith(f"E! the pseudonym key file '{key}' cannot be read")


def test_number_of_users_that_is_none_is_3(lab: Lab) -> None:
    """What no file can put right ends it at once."""
    with execd(lab, "--max-users", "many") as staying:
        assert staying.ended() == (3, "")
