"""Reports that are derived from others: their figures, day by day, and how they went."""

from __future__ import annotations

from o365skype_bridge.model.units import share
from o365skype_bridge.model.values import Collection, ReportResult, Sample

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from o365skype_bridge.model.declare import Metric, Report

    Figures = Mapping[tuple[str, date], Sample]


def sources_of(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Give the reports that Graph is asked for, each once: themselves, or what they come from."""
    asked = (one for report in reports for one in report.sources or (report,))
    return tuple({report.name: report for report in asked}.values())


def shown(collection: Collection, reports: Sequence[Report]) -> Collection:
    """Give the results of these reports, from a collection that has those they come from."""
    found: list[ReportResult | None] = []
    for tenant in collection.tenants:
        results = {result.report.name: result for result in collection.of_tenant(tenant)}
        found += [
            _derived(report, results) if report.sources else results.get(report.name)
            for report in reports
        ]
    return collection.replace(results=tuple(result for result in found if result is not None))


def _derived(report: Report, results: Mapping[str, ReportResult]) -> ReportResult | None:
    """Derive a result. It went as the worst of those that it comes from; None without all."""
    found = [results[source.name] for source in report.sources if source.name in results]
    if len(found) < len(report.sources):
        return None
    worst = min(found, key=lambda one: (one.outcome.has_data, one.outcome.is_up))
    dates = [one.refresh_date for one in found if one.refresh_date is not None]
    figures = {
        (sample.metric.dotted, sample.day): sample
        for one in found
        for sample in one.samples
        if not (sample.metric.is_found or sample.group)
    }
    return ReportResult(
        report=report,
        tenant=worst.tenant,
        outcome=worst.outcome,
        samples=tuple(_samples(report, figures)) if worst.outcome.has_data else (),
        refresh_date=min(dates) if len(dates) == len(found) else None,
        collected_at=_first([one.collected_at for one in found]),
        confirmed_at=_first([one.confirmed_at for one in found]),
        failing_since=min((one.failing_since for one in found if one.failing_since), default=None),
        concealed=any(one.concealed for one in found),
    )


def _first(times: Sequence[float | None]) -> float | None:
    known = [time for time in times if time is not None]
    return min(known) if len(known) == len(times) else None


def _samples(report: Report, figures: Figures) -> Iterator[Sample]:
    """Give every metric of the days on which all that they come from have figures."""
    names = {name for metric in report.metrics for name in metric.tally.columns}
    days = [{day for name, day in figures if name == wanted} for wanted in names]
    for day in sorted(set.intersection(*days), reverse=True):
        for metric in report.metrics:
            sample = _sample(metric, day, figures)
            if sample is not None:
                yield sample


def _sample(metric: Metric, day: date, figures: Figures) -> Sample | None:
    """Give a metric's figure of a day; None when it would be a part of nothing."""
    parts = [figures[name, day] for name in metric.tally.columns]
    values = [part.value for part in parts if not isinstance(part.value, str)]
    if metric.tally.kind == "share":
        value = share(values[0], sum(values))
        return None if value is None else Sample(metric=metric, value=value, day=day)
    maxima = [part.max for part in parts if part.max is not None]
    most = sum(maxima) if metric.limited and len(maxima) == len(parts) else None
    return Sample(metric=metric, value=sum(values), day=day, max=most)
