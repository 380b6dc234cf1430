"""What is pushed to a real server stands under the days it is about, and stays over releases."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from catalogue import CATALOGUE

from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection, ReportResult, Sample, day_start
from o365skype_bridge.outputs.push import DOCUMENT, SendError, Server, Value, history, push
from zabbix.conftest import Zabbix
from zabbix.programs import until
from zabbix.templates import FORMER, expected, held, templates

METRIC = CATALOGUE[0].metrics[0]
KEY = f"o365.history[{METRIC.dotted}]"
TODAY = datetime.now(UTC).date()


def collection(day: date, value: int, tenant: str) -> Collection:
    """Give what a run about one past day gives."""
    result = ReportResult(
        report=CATALOGUE[0],
        tenant=tenant,
        outcome=Outcome(kind="ok"),
        samples=(Sample(metric=METRIC, value=value, day=day),),
        refresh_date=day,
    )
    return Collection(results=(result,), now=0)


def add_host(zabbix: Zabbix, name: str) -> str:
    """Give a host that is pushed to, once the server knows it."""
    host = zabbix.api.add_host(name, zabbix.use("trapper"), {})
    server = Server(name="127.0.0.1", port=zabbix.server.port)
    nothing = history([collection(date(2000, 1, 1), 0, name)], server)

    def is_known() -> bool:
        try:
            return bool(push(server, nothing))
        except SendError:
            return False

    until(is_known, f"the server knows {name}")
    return host


def test_pushed_days_are_history(zabbix: Zabbix) -> None:
    """Each value is stored at the beginning of its day; what comes again is there once."""
    host = add_host(zabbix, "days")
    server = Server(name="127.0.0.1", port=zabbix.server.port)
    days = [TODAY - timedelta(days=back) for back in range(20, 0, -1)]
    collections = [collection(day, number, "days") for number, day in enumerate(days)]
    # Microsoft has corrected the last day, and everything is pushed a second time.
    values = history([*collections, collection(days[-1], 25, "days")], server)
    push(server, values)
    push(server, values)
    wanted = [(day_start(day), str(number)) for number, day in enumerate(days)]
    wanted.append((day_start(days[-1]), "25"))
    until(lambda: len(stored(zabbix, host)) >= len(wanted), "all days are stored")

    assert stored(zabbix, host) == wanted


def stored(zabbix: Zabbix, host: str) -> list[tuple[int, str]]:
    """Give the history of the pushed item, without the value that asked for the host."""
    return [one for one in zabbix.api.history(host, KEY) if one[0] > day_start(date(2001, 1, 1))]


def test_command_pushes_document_and_days(zabbix: Zabbix) -> None:
    """One command fills all items: what depends on the document, and the days."""
    tenant = zabbix.office.add("pushed")
    host = add_host(zabbix, tenant)
    address = f"127.0.0.1:{zabbix.server.port}"
    document = collected(zabbix, tenant)
    words = ("collect", "--output=zabbix", f"--tenant={tenant}", f"--send={address}")
    first = zabbix.office.run(*words)
    until(lambda: len(zabbix.api.items(host)) > 40, "discovery has made its items")

    def missing() -> set[str]:
        return expected(zabbix.api.items(host), document).keys() - zabbix.api.values(host).keys()

    def whole() -> bool:
        zabbix.office.run(*words)
        return not missing()

    until(whole, "discovered items have values", note=missing)
    values = held(zabbix.api.values(host))
    dependents = {key: one for key, one in values.items() if not key.startswith("o365.history[")}
    wanted = expected(zabbix.api.items(host), document)

    assert (first.returncode, first.stderr) == (0, "")
    assert dependents == wanted | {key: "" for key in dependents if key not in wanted}
    assert zabbix.api.unsupported(host) == {}
    day = date.fromisoformat(document["report"][CATALOGUE[0].name]["refresh_date"])
    assert stored(zabbix, host) == [(day_start(day), str(document["metric"][METRIC.dotted]))]


def test_backfill_fills_the_past(zabbix: Zabbix) -> None:
    """A new installation has the days before the newest one, each under its own date."""
    tenant = zabbix.office.add("past")
    host = add_host(zabbix, tenant)
    newest = date.fromisoformat(
        collected(zabbix, tenant)["report"][CATALOGUE[0].name]["refresh_date"]
    )
    words = ("backfill", f"--tenant={tenant}", f"--report={CATALOGUE[0].name}", "--days=3")
    done = zabbix.office.run(*words, f"--send=127.0.0.1:{zabbix.server.port}")
    until(lambda: len(stored(zabbix, host)) == 3, "the days are stored")

    assert (done.returncode, done.stderr) == (0, "")
    assert [clock for clock, _ in stored(zabbix, host)] == [
        day_start(newest - timedelta(days=back)) for back in (3, 2, 1)
    ]


def collected(zabbix: Zabbix, tenant: str) -> Any:
    """Give the document that a poll gives now."""
    return json.loads(zabbix.office.run("collect", "--output=zabbix", f"--tenant={tenant}").stdout)


def test_older_release_is_upgraded_in_place(zabbix: Zabbix) -> None:
    """Items that had other names and keys in a release before are the same, history included."""
    api, tenant = zabbix.api, zabbix.office.add("upgraded")
    api.load(FORMER.read_text(encoding="utf-8"))
    host = api.add_host("upgraded", "Office 365 figures by trapper", {})
    server = Server(name="127.0.0.1", port=zabbix.server.port, host="upgraded")
    value = json.dumps(collected(zabbix, tenant))
    now = [Value(host="upgraded", key=DOCUMENT, value=value, clock=int(time.time()))]

    def arrived(key: str) -> bool:
        with suppress(SendError):  # the server may not know the host yet
            push(server, now)
        return {key, "o365.bridge.status"} <= api.values(host).keys()

    until(lambda: arrived("o365.figure[skype.devices.windows.count]"), "values of the old release")
    before, history_before = (
        api.items(host),
        api.history(host, "o365.figure[skype.users.active.count]"),
    )
    for text in templates(zabbix.series, "trapper").values():
        api.load(text)
    until(lambda: arrived("o365.metric[skype.devices.windows.count]"), "values of the new release")
    after, history_after = (
        api.items(host),
        api.history(host, "o365.metric[skype.users.active.count]"),
    )

    keys = {item["itemid"]: key for key, item in after.items()}
    renamed = {
        item["itemid"]: key.replace("o365.figure[", "o365.metric[") for key, item in before.items()
    }

    assert {id_: keys.get(id_) for id_ in renamed} == renamed
    assert history_after[: len(history_before)] == history_before
