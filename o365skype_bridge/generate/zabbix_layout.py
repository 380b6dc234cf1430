"""Where widgets go on the pages of a Zabbix dashboard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from o365skype_bridge.generate.zabbix_parts import Page, Widget

ROWS = 62
"""What a page holds from top to bottom, in 6.0; 64 from 7.0 on."""

Field = tuple[str, str, str]

TYPES = ("INTEGER", "STRING", "ITEM", "GRAPH", "GRAPH_PROTOTYPE")


def fields_in_order(fields: Iterable[Field], version: str) -> list[Field]:
    """Give fields as servers export them: 6.0 by type, newer ones by name with numbers counted."""
    if version == "6.0":
        return sorted(fields, key=lambda one: (TYPES.index(one[0]), one[1]))
    return sorted(fields, key=lambda one: [_countable(part) for part in one[1].split(".")])


def _countable(part: str) -> tuple[int, str]:
    return (int(part), "") if re.fullmatch("[0-9]+", part) else (-1, part)


def widget(type_: str, height: int, *settings: Field, name: str = "", width: int = 1) -> Widget:
    """Give a widget that has no place yet; ``width`` is its part of a row."""
    return Widget(type=type_, x=0, y=0, width=width, height=height, settings=settings, name=name)


def rows(columns: int, *all_rows: Sequence[Widget]) -> list[Widget]:
    """Put rows of widgets below each other, each widget of its part; rows are as high as they."""
    top, placed = 0, list[Widget]()
    for row in all_rows:
        part, left = columns // max(sum(one.width for one in row), 1), 0
        for one in row:
            placed.append(one.replace(x=left, y=top, width=one.width * part))
            left += one.width * part
        top += max((one.height for one in row), default=0)
    return placed


def split(widgets: Sequence[Widget], across: int) -> Iterator[Sequence[Widget]]:
    """Share widgets among rows of so many."""
    for start in range(0, len(widgets), across):
        yield widgets[start : start + across]


def paged(name: str, widgets: Iterable[Widget]) -> Iterator[Page]:
    """Put rows of widgets on as many pages as they need."""
    pages: list[list[Widget]] = []
    top = 0
    for one in sorted(widgets, key=lambda widget: widget.y):
        if not pages or one.y + one.height - top > ROWS:
            pages.append([])
            top = one.y
        pages[-1].append(one.replace(y=one.y - top))
    for number, page in enumerate(pages, start=1):
        yield Page(name=name if number == 1 else f"{name} {number}", widgets=tuple(page))
