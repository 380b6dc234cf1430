"""Influx line protocol: a measurement a report, and a line on the health of each report.

Whole numbers are integers, what can have fractions is a float on every day, texts are strings; a
figure that is not known is left out. Control characters in names become
blanks, and a backslash that line protocol has no way to write becomes a slash or is dropped;
users who become alike this way are told apart by a number, and a blank name reads ``(blank)``.
"""

from __future__ import annotations

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.values import LABELS
from o365skype_bridge.outputs.base import Output, Rendered
from o365skype_bridge.outputs.names import BLANK, LONGEST_MESSAGE, Names, clean
from o365skype_bridge.outputs.numbers import decimal

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.declare import Metric, Report
    from o365skype_bridge.model.values import Collection, ReportResult

HEALTH = "o365_bridge"
INFO = "info"
"""The field that has a line's texts for its labels, where nothing but numbers has a place."""

NANOSECONDS = 1_000_000_000
UNSAFE = frozenset(',= "\\')


def measurement(report: Report) -> str:
    """Name the measurement of a report, whatever its period."""
    return f"o365_{report.base.replace('-', '_')}"


def field(report: Report, metric: Metric) -> str:
    """Name the field of a metric: what its dotted name says beyond the report, and ``count``.

    OpenTelemetry and Prometheus take a field ``count`` for a part of a histogram, and what ends in
    ``_total`` for a counter. So what counts the report's own things is called like them, or like
    its unit where that would be the name of a label, and a total says so first, and of what.
    """
    name = metric.name.removeprefix(f"{report.namespace}.").removesuffix("count")
    words = [word for word in name.split(".") if word not in ("*", "")]
    if words in ([], ["total"]):
        own = report.namespace.rpartition(".")[2]
        words.append(own if own not in LABELS else metric.unit.name)
    return "_".join(sorted(words, key=_total_last, reverse=True))


def _total_last(word: str) -> bool:
    return word == "total"


def kind(metric: Metric) -> str:
    """Name the type of a metric's field; it is the same whatever the value."""
    return "string" if metric.is_text else "integer" if metric.is_whole else "float"


def line(name: str, tags: Mapping[str, str], fields: Mapping[str, Any], time: int) -> str:
    """Write one line, or nothing if there is no field. ``time`` is in nanoseconds."""
    written = [f"{key}={_value(value)}" for key, value in fields.items() if value is not None]
    if not written:
        return ""
    keys = "".join(f",{key}={tag_value(tags[key])}" for key in sorted(tags))
    return f"{name}{keys} {','.join(written)} {time}\n"


def tag_value(text: str) -> str:
    """Escape a tag's value that `plain` has made writable."""
    return text.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def plain(text: str) -> str:
    """Give the nearest text that a tag can hold.

    A backslash cannot stand before a comma, an equals sign, a blank, a quote or a backslash
    (it becomes a slash), nor at the end (it is dropped).
    """
    text = clean(text).rstrip("\\ ") or BLANK
    if "\\" not in text:
        return text
    after = f"{text[1:]}."
    return "".join(
        "/" if char == "\\" and next_ in UNSAFE else char
        for char, next_ in zip(text, after, strict=True)
    )


def _value(value: bool | float | str) -> str:  # noqa: FBT001 a field may be a truth value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}i"
    if isinstance(value, float):
        text = decimal(value)
        return text if "." in text else f"{text}.0"
    escaped = clean(value, LONGEST_MESSAGE).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _typed(metric: Metric, value: float | str) -> float | str:
    """Give a value of its field's type: Influx refuses a day with another one."""
    return value if isinstance(value, str) or metric.is_whole else float(value)


def _samples(result: ReportResult, tenant: str, at: int | None) -> Iterator[str]:
    """Write a result's samples, those with the same labels and day on one line.

    At one time there is place for one day only, the newest.
    """
    report = result.report
    names = Names()
    lines: dict[tuple[int, tuple[tuple[str, str], ...]], dict[str, int | float | str]] = {}
    for sample in result.samples if at is None else result.newest:
        time = at if at is not None else _nanoseconds(result.time_of(sample))
        labels = tuple((label, names.of(value, plain(value))) for label, value in sample.labels)
        fields = lines.setdefault((time, labels), {})
        name = field(report, sample.metric)
        fields[name] = _typed(sample.metric, sample.value)
        if sample.max is not None:
            fields[f"{name}_max"] = _typed(sample.metric, sample.max)
        if sample.metric.is_text:
            fields[INFO] = 1
    for (time, labels), fields in lines.items():
        yield line(measurement(report), {"tenant": tenant, **dict(labels)}, fields, time)


def _health(result: ReportResult, tenant: str, now: float, time: int) -> str:
    """Write how a result came about; ``time`` is ``now`` in nanoseconds.

    For outputs of Telegraf that have no truth values ``up`` says what ``success`` says, and
    ``concealed`` what ``names_concealed`` does; ``info`` is for those that make labels of texts.
    """
    outcome = result.outcome
    fields = {
        "success": outcome.is_up,
        "up": int(outcome.is_up),
        "outcome": outcome.kind,
        "outcome_code": outcome.code,
        "cause": outcome.root,
        "cause_code": outcome.cause_code,
        "age_seconds": result.age_seconds(now),
        "confirmed_seconds": result.confirmed_seconds(now),
        "fetch_seconds": result.fetch_seconds,
        "calls": result.calls,
        "names_concealed": result.concealed if outcome.has_data else None,
        "concealed": int(result.concealed) if outcome.has_data else None,
        "message": outcome.text or None,
        "support": outcome.support or None,
        INFO: 1,
    }
    tags = {"report": result.report.name, "tenant": tenant}
    return line(HEALTH, tags, fields, time)


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1000) * (NANOSECONDS // 1000)


def render(
    collection: Collection, options: Mapping[str, Any], _warnings: tuple[str, ...]
) -> Rendered:
    """Write all samples, then the health of every report unless it is of no interest."""
    now = _nanoseconds(collection.now)
    at = now if options.get("timestamp") == "now" else None
    names = Names()
    tenants = {tenant: names.of(tenant, plain(tenant)) for tenant in collection.tenants}
    lines: list[str] = []
    for result in collection.results:
        lines += _samples(result, tenants[result.tenant], at)
    for result in collection.results if options.get("health", True) else ():
        lines.append(_health(result, tenants[result.tenant], collection.now, now))
    return Rendered(text="".join(lines))


def validate(options: Mapping[str, Any], _reports: Sequence[Report]) -> None:
    """Refuse what would leave a reader without figures. Raises `UsageError`."""
    ways = {
        "--timestamp now": options["timestamp"] == "now",
        "--from-folder": options["from_folder"],
    }
    for name, is_given in ways.items():
        if options["changed_only"] and is_given:
            raise UsageError(f"{name} and --changed-only contradict each other", "Give one.")


def fail(_error: BridgeError) -> Rendered:
    """Print nothing: an empty answer is valid, and the error goes to stderr."""
    return Rendered(text="", exit_code=3)


OUTPUT = Output(
    name="influx",
    help="Influx line protocol, for Telegraf.",
    options=(
        Option(
            flag="--timestamp",
            metavar="WHEN",
            choices=("day", "now"),
            default="day",
            help="Time of a sample: 'day', its report day at 00:00 UTC, or 'now'.",
        ),
        Option(
            flag="--changed-only",
            help="Leave out a report's figures that were given before and have not changed; they "
            "come again every 6 hours and on a new day, health comes always.",
        ),
        Option(
            flag="--consumer",
            metavar="NAME",
            help="Who reads this, for --changed-only. Without: the process that starts this one.",
        ),
    ),
    render=render,
    validate=validate,
    fail=fail,
)
