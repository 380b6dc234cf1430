"""Perl's regular expressions mean in the drop-in what they mean in Perl, or are refused by name."""

from __future__ import annotations

import json

import perl_patterns
import pytest

from o365skype_bridge.connector import perl, rewriting
from o365skype_bridge.errors import UsageError

RECORDED: list[tuple[str, dict[str, list[int]]]] = json.loads(perl_patterns.RECORDED.read_text())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("pattern", "expected"), RECORDED, ids=[row[0] for row in RECORDED])
def test_pattern_matches_where_perl_matched(pattern: str, expected: dict[str, list[int]]) -> None:
    """In the same texts, from the same place to the same place, without a warning."""
    compiled = perl.compiled(pattern, "--filter-user")
    assert compiled is not None
    found = {text: compiled.search(text) for text in perl_patterns.TEXTS}

    assert {text: [*match.span()] for text, match in found.items() if match} == expected


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"\Qa.b\E", r"\Q...\E"),
        (r"a\Kb", r"\K"),
        (r"\Ga", r"\G"),
        (r"\X", r"\X"),
        (r"\ua", r"\u"),
        (r"\b{wb}a", r"\b{...}"),
        (r"\N{SPACE}", r"\N{...}"),
        (r"\p{Greek}", r"\p{Greek}"),
        (r"[\p{Greek}]", r"\p{Greek}"),
        (r"[[:foo:]]", "[:foo:]"),
        (r"(?{ print 1 })", "(?{"),
        (r"(??{ 1 })", "(??{"),
        (r"(?|(a)|(b))", "(?|"),
        (r"(a(?1)?)", "(?1)"),
        (r"(?R)", "(?R)"),
        (r"(?<n>a(?&n)?)", "(?&n)"),
        (r"a(*SKIP)b", "(*SKIP"),
        (r"(?(DEFINE)a)", "(?(DEFINE"),
        (r"(?n)(a)", "(?n)"),
    ],
)
def test_what_has_no_twin_is_refused_by_its_name(pattern: str, name: str) -> None:
    """With the option's name before it."""
    with pytest.raises(UsageError) as refused:
        perl.compiled(pattern, "--filter-user")

    assert refused.value.text.startswith(f"--filter-user {pattern!a} has {name!a}, which there is")


def test_quoting_works_in_a_substitution_as_in_perl() -> None:
    """There Perl reads the pattern as part of a program."""
    options = {"change_short_output": [r"\Qa.b\E~x"]}

    assert rewriting.short("aab a.b", 0, options) == ("aab x", 0)


def test_names_are_letters_whatever_the_alphabet() -> None:
    """Perl sees bytes there; a name is made of characters here."""
    pattern = perl.compiled(r"^\p{Lu}\p{Ll}+[\p{L}]$", "--filter-user")
    assert pattern is not None

    assert [bool(pattern.search(name)) for name in ("Zoë", "Ελλά", "zoë", "Zo1")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("pattern", ["active|total", "^a.b$", "a{2}", "(a|b)+"])
def test_what_is_the_same_in_both_languages_is_left_as_it_is(pattern: str) -> None:
    """Most patterns need no work."""
    assert perl.in_python(pattern, "--filter-user") is pattern


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a)", "\\", "a{2,1}"])
def test_what_is_wrong_in_either_language_stays_wrong(pattern: str) -> None:
    """And is named as before."""
    with pytest.raises(UsageError, match="is not a regular expression"):
        perl.compiled(pattern, "--filter-user")
