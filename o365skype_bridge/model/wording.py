"""What a status line and perfdata call the figures of a report.

Centreon's connector has words of its own for the reports that it knows; a report with that
ancestor declares them. For all others they follow from the names of the metrics.
"""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Iterable

TOTALS = "global"
"""The block of figures that there is one of each."""


class Words(Frozen):
    """What one metric is called: in a status line, and as a label in perfdata.

    ``metric`` is its dotted name, with the value of its label in place. ``period`` is as in
    `Metric`.
    """

    metric: str
    title: str
    label: str
    period: str = ""

    def _check(self) -> None:
        if not self.title or not self.label.replace("_", "").replace(".", "").isalnum():
            raise ValueError(f"metric {self.metric}: title or perfdata label is missing")

    @property
    def key(self) -> str:
        """What no other figure is called, as in `Metric`."""
        return f"{self.metric},{self.period}" if self.period else self.metric

    @property
    def is_legacy(self) -> bool:
        """Whether the label is one of Centreon's connector."""
        return self.label != self.metric

    @property
    def option(self) -> str:
        """What the metric is called in options: ``--warning-active-devices``."""
        return self.label.replace("_", "-").replace(".", "-")

    @property
    def own_option(self) -> str:
        """What no other metric is called in options: ``--warning-skype-devices-active-count``.

        Over another period than the usual one: ``--warning-d30-skype-devices-active-count``.
        """
        name = self.metric.replace(".", "-")
        return f"{self.period.lower()}-{name}" if self.period else name


class Block(Frozen):
    """Metrics that a status line shows together, behind one prefix.

    In the prefix of metrics with a figure for each user ``{}`` stands for the user; ``all_ok`` is
    what is said of many when nothing is wrong with any.
    """

    name: str
    words: tuple[Words, ...]
    prefix: str = ""
    all_ok: str = ""

    def _check(self) -> None:
        if not self.words:
            raise ValueError(f"block {self.name!r} has no metrics")


class Wording(Frozen):
    """The words for the metrics of a report that are spoken of, in blocks as they are shown."""

    blocks: tuple[Block, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """The words in the order they are shown."""
        return tuple(words for block in self.blocks for words in block.words)


def plain(figures: Iterable[tuple[str, str, str]], period: str = "") -> Wording:
    """Derive the words of metrics from their dotted names, titles, and labels found in the data.

    What has no such label is one block without a prefix; the others have one for each label.
    """
    found: dict[str, list[Words]] = {}
    for metric, title, label in figures:
        words = Words(metric=metric, title=title, label=metric, period=period)
        found.setdefault(label, []).append(words)
    return Wording(
        blocks=tuple(
            Block(
                name=f"{label}s" if label else TOTALS,
                words=tuple(words),
                prefix=f"{label.capitalize()} '{{}}' " if label else "",
                all_ok=f"All {label}s are ok" if label else "",
            )
            for label, words in sorted(found.items(), key=_totals_first)
        )
    )


def _totals_first(item: tuple[str, object]) -> bool:
    return bool(item[0])
