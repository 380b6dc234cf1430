"""JSON is read and written as the standard library does, without what it imports."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o365skype_bridge.model import compact

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
FINITE = LEAVES.filter(lambda value: value not in (float("inf"), float("-inf")))
DOCUMENTS = st.recursive(
    FINITE, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=20
)


@given(DOCUMENTS)
def test_written_as_the_library_writes(document: Any) -> None:
    """To the letter."""
    assert compact.write(document) == json.dumps(document, separators=(",", ":"))


@given(DOCUMENTS)
def test_indented_as_the_library_indents(document: Any) -> None:
    """To the letter."""
    assert compact.indented(document) == json.dumps(document, indent=2)


@given(DOCUMENTS)
def test_read_as_it_was_written(document: Any) -> None:
    """What was written comes back."""
    assert compact.read(compact.write(document)) == document


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": 1} x', "NaN", "[Infinity]", "nul", '{"a": }', '"\n"', "[1,]"]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    """As a value that is wrong."""
    with pytest.raises(ValueError, match=r"."):
        compact.read(text)


@pytest.mark.parametrize("value", [{1, 2}, object(), float("nan")])
def test_what_cannot_be_written_is_refused(value: object) -> None:
    """Nothing else is made of it."""
    with pytest.raises((TypeError, ValueError)):
        compact.write([value])


def test_depth_has_an_end() -> None:
    """A hostile file is no crash."""
    with pytest.raises(RecursionError):
        compact.read("[" * 200_000)
