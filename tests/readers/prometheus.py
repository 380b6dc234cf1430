"""Reads Prometheus' text by both parsers of prometheus_client, which must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from prometheus_client import Metric, parser
from prometheus_client.openmetrics import parser as openmetrics

Labels = Mapping[str, str]


class Found(NamedTuple):
    """One sample; labels are in the order of their names."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float


def plain(text: str) -> list[Metric]:
    """Read a text by the rules of the text format, as others write it."""
    return list(parser.text_string_to_metric_families(text))


def families(text: str) -> list[Metric]:
    """Read a text by OpenMetrics' rules, which are the stricter ones."""
    return list(openmetrics.text_string_to_metric_families(text))  # type: ignore[no-untyped-call]


def read(text: str) -> list[Found]:
    """Give all samples; what the two parsers find must be the same."""
    found = samples(families(text))
    assert found == samples(plain(text))
    return found


def values(text: str, **labels: str) -> dict[str, float]:
    """Give the samples with these labels, and no others, by their names."""
    wanted = tuple(sorted(labels.items()))
    return {name: value for name, its, value in read(text) if its == wanted}


def samples(found: list[Metric]) -> list[Found]:
    """Give the samples of families."""
    return [
        Found(sample.name, tuple(sorted(sample.labels.items())), sample.value)
        for family in found
        for sample in family.samples
    ]
