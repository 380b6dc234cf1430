"""Names and figures that hypothesis makes: whatever a tenant could put into a report."""

from __future__ import annotations

from hypothesis import strategies as st

from readers.making import Figures

SEPARATORS = "\\ ,=\"'|;:a\t\n\r\0(2)/\u2028\x85\ufeff\ud800?é😀{}$%#"
"""Characters that some reader splits at, drops, or takes for an escape."""

NAMES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.text(st.sampled_from(SEPARATORS), max_size=8),
    st.builds(
        lambda char, times, end: char * times + end,
        st.sampled_from("a😀\\ \n"),
        st.integers(200, 400),
        st.text(st.sampled_from(SEPARATORS), max_size=2),
    ),
)

COUNTS = st.integers(0, 2**53)
FIGURES: st.SearchStrategy[Figures] = st.tuples(COUNTS, COUNTS, COUNTS)
USERS = st.dictionaries(NAMES, FIGURES, max_size=12)
TENANTS = st.lists(NAMES, min_size=1, max_size=5, unique=True)
