"""Results, and what is held, as JSON-able values and back: for the state and between processes."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.model.values import ReportResult, Sample
from o365skype_bridge.state.held import Failure, Held, KeptFile

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from o365skype_bridge.model.declare import Report
else:
    from _datetime import date  # what `datetime` wraps, without its twin in Python

TIMES = ("collected_at", "confirmed_at", "fetch_seconds")
PLAIN = (*TIMES, "calls", "concealed")
EARLIEST, LATEST = -6e10, 2.5e11
"""Seconds between which there are dates, from the year 68 to the year 9892."""

MOST = 1 << 63
WRONG = "a value in it is of another kind"
OUTCOME = ("kind", "message", "remedy", "support", "cause", "refusal")


def encode_outcome(outcome: Outcome) -> dict[str, str]:
    """Give an outcome's texts by name, those that are not blank."""
    return {name: getattr(outcome, name) for name in OUTCOME if getattr(outcome, name)}


def encode(result: ReportResult) -> dict[str, Any]:
    """Give a result as what `json` can write; report and tenant are not in it."""
    return {
        "outcome": encode_outcome(result.outcome),
        "refresh_date": result.refresh_date and result.refresh_date.isoformat(),
        "notes": list(result.notes),
        "samples": [
            [
                *(sample.metric.dotted, sample.value, sample.day.isoformat(), sample.max),
                *((sample.user, sample.group) if sample.group else (sample.user,)),
            ]
            for sample in result.samples
        ],
        "reading": result.reading,
        **{name: getattr(result, name) for name in PLAIN},
    }


def decode(content: dict[str, Any], report: Report, tenant: str) -> ReportResult:
    """Give back what `encode` took. Raises `KeyError`, `TypeError` or `ValueError`."""
    require(content, dict)
    metrics = {metric.dotted: metric for metric in report.metrics}
    days = {text: date.fromisoformat(text) for _, _, text, *_ in content["samples"]}
    refresh_date = content["refresh_date"]
    return ReportResult(
        report=report,
        tenant=tenant,
        outcome=decode_outcome(content["outcome"]),
        refresh_date=date.fromisoformat(refresh_date) if refresh_date else None,
        notes=tuple(require(note, str) for note in require(content["notes"], list)),
        samples=tuple(
            Sample(
                metric=metrics[name],
                value=require(value, str) if metrics[name].is_text else figure(value),
                day=days[day],
                max=None if max_ is None else figure(max_),
                user=require(user, str),
                group=require(group[0], str) if group else "",
            )
            for name, value, day, max_, user, *group in content["samples"]
        ),
        reading=require(content.get("reading", ""), str),
        calls=count(content["calls"]),
        concealed=require(content["concealed"], bool),
        **{name: number(content[name]) if content[name] is not None else None for name in TIMES},
    )


def encode_held(held: Held) -> dict[str, Any]:
    """Give what is held as what `json` can write."""

    def fields(value: Frozen | None) -> dict[str, Any] | None:
        return {name: getattr(value, name) for name in type(value).fields} if value else None

    failure = fields(held.failure)
    if failure and held.failure:
        failure["outcome"] = encode_outcome(held.failure.outcome)
    return {
        "result": held.result and encode(held.result),
        "checked_at": held.checked_at,
        "reread_at": held.reread_at,
        "period": fields(held.period),
        "day": fields(held.day),
        "failure": failure,
        "confirmed": held.confirmed,
    }


def decode_held(content: Mapping[str, Any], report: Report, tenant: str) -> Held:
    """Give back what `encode_held` took. Raises `KeyError`, `TypeError` or `ValueError`."""
    result, failure = content["result"], content["failure"]
    return Held(
        result=None if result is None else decode(result, report, tenant),
        checked_at=number(content["checked_at"]),
        reread_at=number(content["reread_at"]),
        period=_file(content["period"]),
        day=_file(content["day"]),
        failure=None if failure is None else _failure(**failure),
        confirmed={mark: number(at) for mark, at in content["confirmed"].items()},
    )


def _file(content: dict[str, Any] | None) -> KeptFile | None:
    if content is None:
        return None
    name, numbers = require(content["name"], str), (content["size"], content["crc"])
    size, crc = (require(number, int) for number in numbers)
    if "/" in name:
        raise ValueError(WRONG)
    return KeptFile(name=name, size=size, crc=crc)


def _failure(**content: Any) -> Failure:
    return Failure(
        at=number(content["at"]),
        until=number(content["until"]),
        count=require(content["count"], int),
        outcome=decode_outcome(content["outcome"]),
        settings=require(content["settings"], str),
        since=(since := number(content.get("since", content["at"]))),
        first=number(content.get("first", since)),
    )


def decode_outcome(content: dict[str, str]) -> Outcome:
    """Give back what `encode_outcome` took. Raises `TypeError` or `ValueError`."""
    outcome = Outcome(**{name: require(text, str) for name, text in content.items()})
    if outcome.cause and outcome.cause not in OUTCOMES:
        raise ValueError(WRONG)
    return outcome


def require(value: Any, kind: type) -> Any:
    """Give a value that is of exactly this kind. Raises `TypeError`."""
    if type(value) is not kind:
        raise TypeError(WRONG)
    return value


def count(value: Any) -> int:
    """Give a number of something. Raises `ValueError`."""
    if type(value) is not int or not 0 <= value < MOST:
        raise ValueError(WRONG)
    return value


def figure(value: Any) -> Any:
    """Give a number that is no less than 0 and has an end. Raises `ValueError`."""
    if type(value) is float and 0 <= value < MOST:
        return value
    return count(value)


def number(value: Any) -> float:
    """Give a time, or a number of seconds, that a calendar can hold. Raises `ValueError`."""
    if type(value) not in (int, float) or not EARLIEST < value < LATEST:
        raise ValueError(WRONG)
    return float(value)
