"""Names: of one line, of bounded length, and never two users under one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers.names import NAMES

from o365skype_bridge.outputs.names import Names, clean


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zoë.müller@contoso.com", "zoë.müller@contoso.com"),
        ("😀@contoso.com", "😀@contoso.com"),
        ("a\nb\tc\0d", "a b c d"),
        ("\x1b[31mred", "[31mred"),
        ("a\x7fb\x9bc", "a b c"),
        ("a\u2028b\u2029c\ufeffd", "a b c d"),
        ("  a  ", "a"),
        ("", "(blank)"),
        (" \t\n", "(blank)"),
        ("a\ud800b", "a?b"),
        ("x" * 300, "x" * 256),
        ("x" * 255 + " y", "x" * 255),
    ],
)
def test_clean_names_are_of_one_line(name: str, expected: str) -> None:
    """Control characters become blanks, nothing becomes ``(blank)``, and 256 are enough."""
    assert expected == clean(name)


def test_length_can_be_chosen() -> None:
    """An output may allow less."""
    assert clean("abc", 2) == "ab"


def test_a_name_that_is_taken_gets_a_number() -> None:
    """Two users who become alike are told apart, and the same user keeps the name."""
    names = Names()

    assert [names.of(user, clean(user)) for user in ("a b", "a\tb", "a\nb", "a b")] == [
        "a b",
        "a b (2)",
        "a b (3)",
        "a b",
    ]


def test_a_number_is_not_given_where_somebody_is_called_so() -> None:
    """Who is really called ``a b (2)`` and who was made so are two."""
    names = Names()

    assert [names.of(user, clean(user)) for user in ("a b", "a\tb", "a b (2)", "a\nb")] == [
        "a b",
        "a b (2)",
        "a b (2) (2)",
        "a b (3)",
    ]


@given(users=st.lists(NAMES, unique=True, max_size=20))
@settings(deadline=None)
def test_different_users_have_different_names(users: list[str]) -> None:
    """However alike they are."""
    names = Names()

    assert len(users) == len({names.of(user, clean(user)) for user in users})


@given(name=NAMES)
@settings(deadline=None)
def test_clean_names_stay_what_they_are(name: str) -> None:
    """Cleaning twice changes nothing more."""
    assert clean(name) == clean(clean(name))
