"""One tenant's part of the Zabbix document: discovery rows, reports, figures, users."""

from __future__ import annotations

from o365skype_bridge.model.declare import PERSON
from o365skype_bridge.model.values import GROUP, day_start
from o365skype_bridge.outputs.ids import Ids
from o365skype_bridge.outputs.names import LONGEST_MESSAGE, clean
from o365skype_bridge.outputs.numbers import cut, decimal
from o365skype_bridge.outputs.zabbix_trouble import Trouble, of_report, shared

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.values import ReportResult, Sample

LONGEST_NAME = 200

EXACT = 2**53
"""The largest number up to which a double knows every whole one."""


USAGE = "usage"
"""The group of the reports that replace Centreon's connectors."""


def group_of(report: Report) -> str:
    """Give the group whose template shows a report: its family, or the usual ones' own."""
    return USAGE if report.wording else report.family


def _report(result: ReportResult, now: float, *, alone: bool) -> dict[str, Any]:
    """Give the values of one report; not ``alone`` its trouble is that of all."""
    outcome, day = result.outcome, result.refresh_date
    trouble = of_report(result, now)
    text = outcome.text or trouble.text
    own = (trouble if alone else Trouble()).document
    values = {
        "outcome": outcome.kind,
        "outcome_code": outcome.code,
        "fetch_code": outcome.cause_code,
        "success": int(outcome.is_up),
        "up": int(outcome.is_up),
        "cause": outcome.root,
        "cause_code": outcome.cause_code,
        "trouble_code": own["trouble_code"],
        "needs_somebody": own["needs_somebody"],
        "unconfirmed_seconds": trouble.seconds,
        "message": clean(text, LONGEST_MESSAGE) if text else None,
        "support": clean(outcome.support, LONGEST_MESSAGE) if outcome.support else None,
        "notes": clean(" ".join(result.notes), LONGEST_MESSAGE) if result.notes else None,
        "names_concealed": int(result.concealed) if outcome.has_data else None,
        "refresh_date": day and day.isoformat(),
        "refresh_time": day and day_start(day),
        "age_seconds": result.age_seconds(now),
        "collected_at": result.collected_at and int(result.collected_at),
        "confirmed_at": result.confirmed_at and int(result.confirmed_at),
        "confirmed_seconds": result.confirmed_seconds(now),
        "fetch_seconds": result.fetch_seconds,
        "calls": result.calls,
    }
    return {name: value for name, value in values.items() if value is not None}


def _value(value: float | str) -> float | str:
    """Give a value as Zabbix can read it: its JSONPath turns numbers into doubles."""
    if isinstance(value, str):
        return clean(value, LONGEST_MESSAGE)
    number = cut(value)
    return decimal(number) if number > EXACT or "e" in repr(number) else number


Figures = dict[str, "int | float | str"]


class _Tenant:
    """One tenant's part of the document, filled result by result."""

    def __init__(self, most_users: int, users: set[str] | None, *, alone: bool) -> None:
        self._most_users = most_users
        self._users = users
        self._alone = alone
        self._reports: dict[str, Any] = {}
        self._metrics: Figures = {}
        self._found: dict[str, dict[str, Figures]] = {}
        self._rows: dict[str, dict[str, dict[str, str]]] = {"reports": {}}
        self._left_out: dict[str, set[str]] = {}
        self._rest = 0
        self._ids = Ids()

    def add(self, result: ReportResult, now: float) -> None:
        name = result.report.name
        self._reports[name] = _report(result, now, alone=self._alone)
        row = {"name": result.report.title, "group": group_of(result.report)}
        self._discover("reports", name, row)
        for sample in result.newest:
            place = self._place(sample, result.report)
            if place is None:
                continue
            place[sample.metric.key] = _value(sample.value)
            if sample.max is not None:
                place[sample.metric.maximum] = _value(sample.max)

    def _place(self, sample: Sample, report: Report) -> Figures | None:
        """Say where a sample's value goes, and make what it is about discovered."""
        metric = sample.metric
        if sample.group:
            return self._place_thing(GROUP, sample.group)
        if metric.is_found:
            return self._place_found(sample)
        if metric.label:
            row = {
                "name": metric.short,
                "report": report.name,
                "report_name": report.title,
                "unit": metric.unit.name,
                "group": group_of(report),
            }
            self._discover(f"{metric.label}s", metric.key, row)
            if sample.max is not None:
                most = {**row, "name": f"{metric.short}, maximum"}
                self._discover(f"{metric.label}s", metric.maximum, most)
        return self._metrics

    def _place_found(self, sample: Sample) -> Figures | None:
        """Give the figures of a user, or of another thing that is found in the data."""
        if sample.rest:
            self._rest = sample.rest
            return None
        return self._place_thing(*sample.labels[-1])

    def _place_thing(self, label: str, name: str) -> Figures | None:
        """Give the figures of one thing of a kind."""
        found = self._found.setdefault(label, {})
        id_ = self._ids.of(label[0], name)
        chosen = self._users is None or label != PERSON or name in self._users
        if id_ not in found and (len(found) >= self._most_users or not chosen):
            self._left_out.setdefault(label, set()).add(id_)
            return None
        self._discover(f"{label}s", id_, {"name": clean(name, LONGEST_NAME)})
        return found.setdefault(id_, {})

    def _discover(self, array: str, id_: str, row: dict[str, str]) -> None:
        self._rows.setdefault(array, {})[id_] = {"id": id_, **row}

    def document(self) -> dict[str, Any]:
        part: dict[str, Any] = {
            "discovery": {name: list(rows.values()) for name, rows in self._rows.items()},
            "report": self._reports,
            "metric": self._metrics,
        }
        part.update({label: found for label, found in self._found.items() if found})
        left_out = {label: len(ids) for label, ids in self._left_out.items()}
        if PERSON in self._found or PERSON in left_out or self._rest:
            left_out[PERSON] = left_out.get(PERSON, 0) + self._rest
        part.update({f"{label}s_left_out": number for label, number in left_out.items()})
        return part


def part_of(results: Iterable[ReportResult], now: float, most_users: int) -> dict[str, Any]:
    """Give one tenant's part of the document."""
    every = tuple(results)
    trouble = shared(every, now)
    alone = not trouble.document["trouble_code"]
    tenant = _Tenant(most_users, _busiest(every, most_users), alone=alone)
    for result in every:
        tenant.add(result, now)
    said = {"message": clean(trouble.text, LONGEST_MESSAGE)} if trouble.text else {}
    return {
        **_summary(every, now),
        "trouble": trouble.document | said,
        **tenant.document(),
    }


NO_CAUSE = "none"


def _summary(results: tuple[ReportResult, ...], now: float) -> dict[str, Any]:
    """Give the newest day that all reports are of, its age, and the cause of the worst outcome."""
    days = [result.refresh_date for result in results if result.refresh_date]
    ages = [age for result in results for age in (result.age_seconds(now),) if age is not None]
    said = max(results, key=lambda result: result.outcome.code).outcome.text
    summary: dict[str, Any] = {"cause": clean(said, LONGEST_MESSAGE) if said else NO_CAUSE}
    if days:
        summary["refresh_date"] = min(days).isoformat()
    if ages:
        summary["age_seconds"] = max(ages)
    return summary


def _busiest(results: tuple[ReportResult, ...], most: int) -> set[str] | None:
    """Choose the users with the largest sums of figures; None when there is room for everybody."""
    sums: dict[str, float] = {}
    for result in results:
        for sample in result.newest:
            if sample.metric.per_user and not sample.rest and not isinstance(sample.value, str):
                sums[sample.user] = sums.get(sample.user, 0) + sample.value
    if len(sums) <= most:
        return None
    return set(sorted(sums, key=lambda user: (-sums[user], user))[:most])
