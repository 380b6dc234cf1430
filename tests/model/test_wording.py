"""Wording: Centreon's words for the reports that it knows, and what all others are called."""

from __future__ import annotations

import pytest

from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.units import COUNT
from o365skype_bridge.model.wording import Block, Wording, Words

ROWS = Tally(kind="rows")

PLAIN = Report(
    name="a-b",
    title="A",
    function="getA",
    permission="P",
    namespace="a",
    metrics=(
        Metric(name="a.one.count", unit=COUNT, help="One.", tally=ROWS, label="site"),
        Metric(name="a.*.count", unit=COUNT, help="P.", tally=ROWS, label="kind", value="p2p"),
        Metric(name="a.two.count", unit=COUNT, help="Two.", tally=ROWS, title="Two of them"),
    ),
)


def test_without_wording_labels_are_the_dotted_names() -> None:
    """With the value of the metric's label in place."""
    assert [words.label for words in PLAIN.words.words] == [
        "a.p2p.count",
        "a.two.count",
        "a.one.count",
    ]


def test_without_wording_a_title_is_the_metrics_own() -> None:
    """Or the dotted name, for want of one."""
    assert [words.title for words in PLAIN.words.words] == [
        "a.p2p.count",
        "Two of them",
        "a.one.count",
    ]


def test_without_wording_options_are_named_for_the_dotted_names() -> None:
    """With dashes, as options are."""
    assert [words.option for words in PLAIN.words.words] == [
        "a-p2p-count",
        "a-two-count",
        "a-one-count",
    ]


def test_without_wording_totals_are_one_block_without_a_prefix() -> None:
    """What the data tell apart is another, behind the name of the thing."""
    blocks = PLAIN.words.blocks

    assert [(block.name, block.prefix, block.all_ok) for block in blocks] == [
        ("global", "", ""),
        ("sites", "Site '{}' ", "All sites are ok"),
    ]


def test_declared_words_are_kept() -> None:
    """Centreon's graphs know them."""
    said = Words(metric="a.two.count", title="Two", label="two_of_them")
    wording = Wording(blocks=(Block(name="b", words=(said,), prefix="All "),))
    report = PLAIN.replace(metrics=PLAIN.metrics[2:], wording=wording)

    assert wording == report.words
    assert said.option == "two-of-them"
    assert said.own_option == "a-two-count"


def test_metrics_without_words_are_not_spoken_of() -> None:
    """But they are figures of the report like all others."""
    words = tuple(
        Words(metric=metric.dotted, title="T", label=metric.dotted.replace(".", "_"))
        for metric in PLAIN.metrics[1:]
    )
    report = PLAIN.replace(wording=Wording(blocks=(Block(name="b", words=words),)))

    assert report.leading == PLAIN.metrics[1:]
    assert report.metrics == PLAIN.metrics


def test_metrics_and_words_stand_together() -> None:
    """In the order they are shown."""
    assert [(metric.dotted, words.metric) for metric, words in PLAIN.spoken] == [
        ("a.p2p.count", "a.p2p.count"),
        ("a.two.count", "a.two.count"),
        ("a.one.count", "a.one.count"),
    ]


def test_a_block_without_metrics_is_refused() -> None:
    """It would show nothing."""
    with pytest.raises(ValueError, match="block 'b' has no metrics"):
        Block(name="b", words=())


@pytest.mark.parametrize("wrong", [{"title": ""}, {"label": ""}, {"label": "a-b"}])
def test_words_that_say_nothing_are_refused(wrong: dict[str, str]) -> None:
    """With the metric's name."""
    with pytest.raises(ValueError, match=r"^metric a\.b: title or perfdata label is missing$"):
        Words(**{"metric": "a.b", "title": "A", "label": "a", **wrong})
