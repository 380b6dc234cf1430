"""What Perl makes of patterns, recorded once: run this file to record it anew.

Each line of the recording is a pattern, and where it matches in which of the texts; a text that
is not there does not match.
"""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

RECORDED = Path(__file__).with_name("perl_patterns.json")

PARTS = (
    *("a", "b", r"\.", ".", r"\w", r"\d", r"\s", r"\h", r"\H", r"\v", r"\V", r"\N", r"\R", "@"),
    *(r"[\w-.]", "[a-c]", "[^a]", "[[:alpha:]]", "[[:^digit:]_]", "[-a]", "[a-]", "[]a]", "[^]a]"),
    *(r"[\d-z]", r"[a-\d]", "[[:upper:][:punct:]]", r"\x{61}", r"\x61", r"\x4", r"\o{141}", r"\e"),
    *(r"\cA", r"\t", r"\p{L}", r"\pL", r"\PL", r"\p{^L}", r"\p{Lu}", r"[\p{Ll}\d]", r"[\h@]"),
    *(r"[^\h]", r"\y", r"\@", r"\-", "(?:a|b)", "(a)", "(?<n>b)", "(?i)", "(?-i)", "(?i:A)"),
    *("(?s)", "(?x) ", r"\g1", r"\g{-1}", r"\k<n>", r"\1", "^", "$", r"\A", r"\z", r"\Z", r"\b"),
    *("|", "(?=a)", "(?!b)", "(?<=a)", "(?>a+)", "a++", "a{2}", "a{1,2}?", "b*", "b+?", ".*"),
    *("[&&]", "[a||b]", "[~~]", r"[\x{61}-\x{63}]", r"[\e-z]", "(?#c)", "(?^i:A)", r"\N{2}"),
    *(r"\N{U+62}", r"\p{Alpha}", r"\p{IsUpper}", "[[:word:]]", "[[:space:]]", "[[:blank:]]"),
)
TEXTS = (
    *("a", "b", "ab", "aab", "ba", "A", "AB", "a.b", "a-b", "a b", "a\tb", "a\nb", "a\n", "z"),
    *("1", "a1", "_", "@", "a@b.c", "&", "|", "~", "y", "\x1b", "\x01", "bb", "aa", "abab"),
    *("a\r\nb", "[", "]", "^-", "A.B@c-d", "2\n"),
)

PROGRAM = r"""
use JSON::PP; no warnings; local $/; my $asked = decode_json(<STDIN>); my %found;
for my $pattern (@{$asked->{patterns}}) {
    next unless eval { "" =~ /$pattern/; 1 };
    my %spans;
    for my $text (@{$asked->{texts}}) { $spans{$text} = [$-[0], $+[0]] if $text =~ /$pattern/ }
    $found{$pattern} = \%spans;
}
print JSON::PP->new->canonical->ascii->encode(\%found);
"""


def record(count: int) -> None:
    """Ask Perl about every part alone, and about so many made of several."""
    chance = random.Random(1)
    made = ["".join(chance.choices(PARTS, k=chance.randint(2, 5))) for _ in range(count)]
    # A group that comes later, or twice by one name, is an error in Python: that is no dialect.
    sound = [text for text in made if r"\g" not in text and text.count("(?<n>") < 2]
    sound = [text for text in sound if not any(name in text for name in (r"\1", r"\k"))]
    asked = {"patterns": [*PARTS, *sound, r"(a)(?<n>b)?\g1", r"(?<n>b)\k<n>", r"(a)\1"]}
    done = subprocess.run(
        ["perl", "-e", PROGRAM],
        input=json.dumps({**asked, "texts": TEXTS}),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.dumps(pair) for pair in json.loads(done.stdout).items()]
    RECORDED.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    record(250)
