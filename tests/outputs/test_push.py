"""Pushing to a Zabbix server, as far as the server's side of the wire can be played."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from catalogue import CATALOGUE
from conftest import Lab, MakeLab

from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult, Sample, day_start
from o365skype_bridge.outputs.push import Server, Value, history

HEADER = 13
ACTIVE = "o365.history[skype.devices.active.count]"

Answer = Callable[[list[dict[str, Any]]], bytes]


def packed(content: bytes) -> bytes:
    return b"ZBXD\x01" + len(content).to_bytes(4, "little") + bytes(4) + content


def counted(processed: int, failed: int) -> bytes:
    counts = f"processed: {processed}; failed: {failed}; total: {processed + failed}"
    answer = {"response": "success", "info": f"{counts}; seconds spent: 0.000123"}
    return packed(json.dumps(answer).encode())


def taken(data: list[dict[str, Any]]) -> bytes:
    return counted(len(data), 0)


class Trapper(socketserver.ThreadingTCPServer):
    """A server that remembers what is pushed to it and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pushed: list[dict[str, Any]] = []
        self.answer: Answer = taken
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        host, port = self.socket.getsockname()
        return f"{host}:{port}"


class Handler(socketserver.StreamRequestHandler):
    server: Trapper

    def handle(self) -> None:
        size = int.from_bytes(self.rfile.read(HEADER)[5:9], "little")
        data = json.loads(self.rfile.read(size))["data"]
        self.server.pushed += data
        self.wfile.write(self.server.answer(data))


@pytest.fixture
def trapper() -> Iterator[Trapper]:
    """Give a server that takes everything."""
    with Trapper() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def push(lab: Lab, server: str, *words: str) -> Any:
    return lab.run("collect", "--output", "zabbix", "--send", server, *words)


def test_every_total_is_pushed_under_its_day(lab: Lab, trapper: Trapper) -> None:
    """Each figure goes to the item that names its metric, at the beginning of the refresh date."""
    push(lab, trapper.address, "--send-host", "Contoso")
    document = json.loads(lab.run("collect", "--output", "zabbix").stdout)
    day = day_start(lab.simulator.refresh_date())

    assert sorted(trapper.pushed[:-1], key=lambda one: str(one["key"])) == [
        {
            "host": "Contoso",
            "key": f"o365.history[{name}]",
            "value": str(value),
            "clock": day,
            "ns": value,
        }
        for name, value in sorted(document["metric"].items())
    ]


def test_document_is_pushed_last_as_of_now(lab: Lab, trapper: Trapper) -> None:
    """The document goes to its own item, with the time it is of, after all figures."""
    push(lab, trapper.address, "--send-host", "Contoso")
    last = trapper.pushed[-1]
    document = json.loads(last.pop("value"))

    assert (document["status"], last) == (
        "ok",
        {"host": "Contoso", "key": "o365.bridge.document", "clock": document["now"], "ns": 0},
    )


def test_each_family_has_a_document_of_its_own(lab: Lab, trapper: Trapper) -> None:
    """The template of a family gets what is about its reports, that of the usual ones theirs."""
    families = ("skype-devices-usage", "skype-activity-counts", "migration-skype-teams")
    push(lab, trapper.address, "--send-host", "Contoso", f"--report={','.join(families)}")
    documents = {
        one["key"]: [*json.loads(one["value"])["report"]]
        for one in trapper.pushed
        if one["key"].startswith("o365.bridge.document")
    }

    assert documents == {
        "o365.bridge.document": ["skype-devices-usage"],
        "o365.bridge.document[skype]": ["skype-activity-counts"],
        "o365.bridge.document[migration]": ["migration-skype-teams"],
    }


def test_what_the_server_took_is_said(lab: Lab, trapper: Trapper) -> None:
    """The server's count is printed, and nothing else."""
    done = push(lab, trapper.address, "--send-host", "Contoso")
    said = f"{trapper.address}: processed {len(trapper.pushed)} of {len(trapper.pushed)} values\n"

    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


def test_host_is_called_as_the_tenant_without_another_name(lab: Lab, trapper: Trapper) -> None:
    """Without --send-host the values go to the host that bears the tenant's name."""
    push(lab, trapper.address, "--tenant", "fabrikam")

    assert {one["host"] for one in trapper.pushed} == {"fabrikam"}


def test_users_have_no_history(lab: Lab, trapper: Trapper) -> None:
    """Figures of single users are in the document only."""
    push(lab, trapper.address, "--per-user")
    keys = [one["key"] for one in trapper.pushed]

    assert len(keys) == len(set(keys))


def test_outcome_of_a_failed_report_is_pushed_without_figures(
    make_lab: MakeLab, trapper: Trapper
) -> None:
    """What Graph refuses has no value; the document says so, and so does a line on stderr."""
    lab = make_lab(faults=("forbidden-flat",))
    done = push(lab, trapper.address, "--report", "skype-devices-usage")
    status = json.loads(trapper.pushed[0]["value"])["status"]

    assert (done.returncode, [one["key"] for one in trapper.pushed], status) == (
        0,
        ["o365.bridge.document"],
        "forbidden",
    )
    assert done.stderr.count("\n") == 1
    assert "skype-devices-usage forbidden: " in done.stderr


def test_values_that_the_server_refuses_are_a_failure(lab: Lab, trapper: Trapper) -> None:
    """A value that no item takes is exit code 1 and one line that says where to look."""
    trapper.answer = lambda data: counted(len(data) - 2, 2)
    done = push(lab, trapper.address, "--send-host", "Contoso")
    count = len(trapper.pushed)

    said = (
        f"E! {trapper.address}: processed {count - 2} of {count} values, refused 2. See that the "
        "host Contoso is there and enabled, has the trapper template, and allows this address and "
        "unencrypted connections (or encrypt: --send-psk-file, --send-cert-file); a new one is "
        "known after a minute.\n"
    )

    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        packed(b""),
        packed(b"{"),
        packed(b"[]"),
        packed(b"\xff\xfe"),
        packed(b'{"response": "success"}'),
        packed(b'{"response": "success", "info": "nothing to count"}'),
        packed(b'{"response": "failed", "info": "first line\\nsecond line"}'),
        packed(b'{"response": "failed", "redirect": {"address": "?", "revision": 1}}'),
        b"ZBXD\x03\x05\0\0\0\x05\0\0\0never",
    ],
)
def test_strange_answer_is_a_failure_in_one_line(lab: Lab, trapper: Trapper, answer: bytes) -> None:
    """Whoever listens there, an answer that is none is exit code 1 and one line."""
    trapper.answer = lambda _: answer
    done = push(lab, trapper.address)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"E! {trapper.address} has not taken the values: ")


def test_nobody_listening_is_a_failure_that_says_what_to_check(lab: Lab) -> None:
    """A server that is not there is exit code 1, with what to do."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        done = push(lab, address)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        ". Check --send, and that the server's trapper port is open to this host.\n"
    )


@pytest.mark.parametrize("server", [":10051", "host:", "host:x", "host:0", "host:70000", "::1"])
def test_address_that_is_none_is_refused(lab: Lab, server: str) -> None:
    """What is no host and port is refused by name, with exit code 3."""
    done = push(lab, server)

    assert (done.returncode, done.stderr) == (
        3,
        (
            f"E! --send {server!a} is not SERVER or SERVER:PORT. Give a name or an IPv4 address, "
            "such as zabbix.example.org:10051.\n"
        ),
    )


def test_pushing_belongs_to_zabbix(lab: Lab) -> None:
    """Other outputs have nobody to push to."""
    done = lab.run("collect", "--output", "json", "--send", "127.0.0.1")

    assert (done.returncode, done.stderr.splitlines()[0]) == (
        3,
        "E! unrecognized arguments: --send 127.0.0.1. See 'o365skype-bridge collect --help'.",
    )


def test_library_that_is_missing_is_named(lab: Lab) -> None:
    """Without the extra the command says how to install it."""
    done = lab.python(
        "import sys; sys.modules['zabbix_utils'] = None; "
        "from o365skype_bridge.cli.entry import main; "
        "sys.exit(main(['collect', '--output', 'zabbix', '--send', '127.0.0.1']))"
    )

    assert (done.returncode, done.stderr) == (
        3,
        (
            "E! --send needs the package 'zabbix_utils'. "
            "Install it with: pip install 'o365skype-bridge[zabbix]'.\n"
        ),
    )


def result(day: date, value: int, kind: str = "ok") -> ReportResult:
    report = CATALOGUE[0]
    sample = Sample(metric=report.metrics[0], value=value, day=day)
    return ReportResult(
        report=report,
        tenant="contoso",
        outcome=Outcome(kind=kind),
        samples=(sample,),
        refresh_date=day,
    )


def test_days_are_pushed_oldest_first() -> None:
    """Triggers see values in the order of their arrival, so the days come in their own."""
    days = [date(2026, 11, number) for number in (20, 18, 19)]
    collections = [Collection(results=(result(day, 1),), now=0) for day in days]
    clocks = [value.clock for value in history(collections, Server(name="zabbix"))]

    assert clocks == [day_start(day) for day in sorted(days)]


def test_corrected_figure_is_another_point_of_its_day() -> None:
    """The same figure is the same point; a larger one comes after it."""
    day = date(2026, 11, 20)
    collections = [Collection(results=(result(day, value),), now=0) for value in (5, 5, 2**40)]
    points = {
        (value.clock, value.ns, value.value)
        for value in history(collections, Server(name="zabbix"))
    }

    assert points == {
        (day_start(day), 5, "5"),
        (day_start(day), 999_999_999, str(2**40)),
    }


def test_figures_that_are_not_good_are_not_pushed() -> None:
    """A report without good data has no history."""
    collection = Collection(results=(result(date(2026, 11, 20), 5, kind="malformed"),), now=0)

    assert history([collection], Server(name="zabbix")) == list[Value]()


def test_several_tenants_go_to_a_host_each(
    make_lab: MakeLab, trapper: Trapper, tmp_path: Any
) -> None:
    """Every tenant's figures and document go to the host of its name, by one push."""
    lab = make_lab(users=5, tenant_ids=("a.example", "b.example"))
    config = tmp_path / "config.toml"
    config.write_text("[tenants.a]\ntenant_id='a.example'\n[tenants.b]\ntenant_id='b.example'\n")
    del lab.env["O365_TENANT_ID"]
    client, secret = lab.env.pop("O365_CLIENT_ID"), lab.env.pop("O365_CLIENT_SECRET")
    known = f"client_id='{client}'\nclient_secret='{secret}'\n"
    text = config.read_text().replace("[tenants.b]", f"{known}[tenants.b]")
    config.write_text(text + known)
    config.chmod(0o600)
    done = push(lab, trapper.address, "--config", str(config))
    documents = [one for one in trapper.pushed if one["key"] == "o365.bridge.document"]

    assert (done.returncode, done.stderr) == (0, "")
    assert [(one["host"], json.loads(one["value"])["tenant"]) for one in documents] == [
        ("a", "a"),
        ("b", "b"),
    ]


def test_one_host_for_several_tenants_is_refused(
    make_lab: MakeLab, trapper: Trapper, tmp_path: Any
) -> None:
    """Values of two tenants in one item would be nobody's."""
    lab = make_lab(users=5)
    config = tmp_path / "config.toml"
    config.write_text("[tenants.a]\n[tenants.b]\n")
    for name in ("O365_TENANT_ID", "O365_CLIENT_ID", "O365_CLIENT_SECRET"):
        del lab.env[name]
    done = push(lab, trapper.address, "--send-host", "x", "--config", str(config))

    assert (done.returncode, trapper.pushed) == (3, [])
    assert done.stderr.splitlines()[-1] == (
        "E! --send-host is one Zabbix host, and several tenants are chosen. Choose one with "
        "--tenant; without --send-host each goes to the host of its name."
    )


BACKFILL = ("backfill", "--report", "skype-devices-usage", "--days", "3")


def test_backfill_pushes_every_day_under_its_own(lab: Lab, trapper: Trapper) -> None:
    """The past goes to the same items, the oldest day first, and nothing else does."""
    printed = lab.run(*BACKFILL)
    done = lab.run(*BACKFILL, "--send", trapper.address, "--send-host", "Contoso")
    newest = day_start(lab.simulator.refresh_date())
    active = [one for one in trapper.pushed if one["key"] == ACTIVE]

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{trapper.address}: processed {len(trapper.pushed)} of {len(trapper.pushed)} values\n"
    )
    assert [(one["host"], one["clock"]) for one in active] == [
        ("Contoso", newest - days * 86400) for days in (3, 2, 1)
    ]
    assert [one["value"] for one in active] == re.findall(r" active=(\d+)i", printed.stdout)


def test_backfill_says_what_a_server_has_not_taken(lab: Lab, trapper: Trapper) -> None:
    """A push that fails is one line and exit code 1; the days are kept for the next run."""
    trapper.answer = lambda data: counted(0, len(data))
    failed = lab.run(*BACKFILL, "--send", trapper.address)
    asked = len(lab.simulator.calls)
    trapper.answer = taken
    done = lab.run(*BACKFILL, "--send", trapper.address)

    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (1, "", 1)
    assert f"E! {trapper.address}: processed 0 of " in failed.stderr
    assert (done.returncode, len(lab.simulator.calls)) == (0, asked)


def test_backfill_refuses_a_server_that_is_none(lab: Lab) -> None:
    """A wrong --send is refused before Graph is asked."""
    done = lab.run(*BACKFILL, "--send", "zabbix:none")

    assert done.returncode == 3
    assert done.stderr.startswith("E! --send 'zabbix:none' is not SERVER or SERVER:PORT")
    assert lab.simulator.calls == []
