"""Reading options as the connector does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.connector import table
from o365skype_bridge.connector.reader import read
from o365skype_bridge.reports import catalogue

KINDS = {"mode": "value", "filter-user": "value", "verbose": "flag", "debug": "flag"}
KINDS |= {"change-exit": "list", "environment": "map"}

WORDS = st.one_of(
    st.sampled_from(["--", "-v", "", "x", "a b", "--nosuch", "--nosuch=1", "--=1", "0", "A=b"]),
    st.builds(
        "--{}{}".format,
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["", "=", "=0", "=1", "=x", "=--y", "=A=b", "=é\n"]),
    ),
    st.text(alphabet="-=0 aé\n", max_size=5),
)


def place_value(values: dict[str, Any], name: str, value: str) -> None:
    """Put a value where its kind wants it."""
    key = name.replace("-", "_")
    match KINDS[name]:
        case "flag" if value != "0":
            values[key] = True
        case "value":
            values[key] = value
        case "list":
            values[key] = [*values.get(key, []), value]
        case "map" if value.find("=") > 0:
            head, tail = value.split("=", 1)
            values[key] = {**values.get(key, {}), head: tail}


def second_reading(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Read by taking words out of the list where they are, which is another way to go about it."""
    words, place = list(words), 0
    values: dict[str, Any] = {}
    while place < len(words):
        if words[place] == "--":
            del words[place:]
            break
        name, _, value = words[place][2:].partition("=")
        if not words[place].startswith("--") or name not in KINDS:
            place += 1
            continue
        if value == "" and place + 1 < len(words) and words[place + 1][:2] != "--":
            value = words.pop(place + 1)
        del words[place]
        place_value(values, name, value)
    return values, words


@given(words=st.lists(WORDS, max_size=8))
@settings(deadline=None)
def test_words_are_read_as_by_a_second_implementation(words: list[str]) -> None:
    """Values and what is left are the same, whatever the words."""
    values, left, unknown = read(words, KINDS)

    assert (values, left) == second_reading(words)
    assert unknown == [word[2:].partition("=")[0] for word in left if word.startswith("--")]


@given(words=st.lists(WORDS, max_size=5), rest=st.lists(WORDS, max_size=5))
@settings(deadline=None)
def test_nothing_after_two_dashes_counts(words: list[str], rest: list[str]) -> None:
    """Neither as an option nor as a value."""
    assert read(words, KINDS) == read([*words, "--", *rest], KINDS)


@given(value=st.text(min_size=1).filter(lambda text: not text.startswith("--")))
@settings(deadline=None)
def test_a_value_may_follow_as_a_word(value: str) -> None:
    """With an equals sign or without, the value is the same."""
    assert read([f"--mode={value}"], KINDS) == read(["--mode", value], KINDS)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["--mode=a", "--mode=b"], {"mode": "b"}),
        (["--mode="], {"mode": ""}),
        (["--mode=", "b"], {"mode": "b"}),
        (["--mode", "--verbose"], {"mode": "", "verbose": True}),
        (["--verbose=0"], {}),
        (["--verbose", "0"], {}),
        (["--verbose", "--verbose=0"], {"verbose": True}),
        (["--verb"], {}),
        (["--mo.e=a", "--verb.*"], {"mode": "a", "verbose": True}),
        (["--.*=a", "--(=a", "--mode|debug=a"], {}),
        (["-v", "word"], {}),
        (["--change-exit=a=b", "--change-exit", "c=d"], {"change_exit": ["a=b", "c=d"]}),
        (["--environment=A=b=c", "--environment=D"], {"environment": {"A": "b=c"}}),
    ],
)
def test_the_rules_one_by_one(words: list[str], values: dict[str, Any]) -> None:
    """The last one wins, 0 turns a flag off, nothing is abbreviated."""
    assert values == read(words, KINDS)[0]


def test_no_option_is_declared_twice() -> None:
    """Each is in one section, and none is a threshold's name."""
    names = [row[0] for _, section in table.SECTIONS for row in section]
    for report in catalogue():
        names += table.thresholds(report, new=True)
        assert len(names) == len(set(names))
        names = names[: len(names) - len(table.thresholds(report, new=True))]


def test_every_option_says_what_it_does_in_a_sentence() -> None:
    """And what has no effect says why, in words that end a sentence of ours."""
    rows = [row for _, section in table.SECTIONS for row in section]

    assert [row[0] for row in rows if not row[2].endswith(".") or row[3].endswith(".")] == []
