"""The picture of the architecture: who is asked, the rooms that an answer passes, who reads it."""

from __future__ import annotations

import html
from collections.abc import Iterable

from o365skype_bridge import generate, outputs

PICTURE = "docs/architecture.svg"

WIDTH, HEIGHT, PAD = 920, 420, 12

ASKED = (
    ("Entra", "gives a token"),
    ("Microsoft Graph", "says where the report is"),
    ("*.office.com", "has the report, as CSV"),
)

ROOMS = (
    ("graph", "one call each, in bounded time"),
    ("reading", "bytes to rows to figures"),
    ("engine", "due or kept? an outcome for each report"),
    ("state", "one fetch for every process of the host"),
    ("outputs", "figures to text and exit code"),
    ("generate", "the agents' configuration"),
)
"""The rooms of the package that the picture shows, in the order of an answer."""

LEFT, MIDDLE, RIGHT = (16, 230), (330, 270), (684, 220)
"""Where each column begins, and how wide it is."""

STYLE = """\
  <style>
    text { font: 12px system-ui, sans-serif; fill: #24292f }
    .name { font-weight: bold; font-size: 13px }
    .head { font-weight: bold; font-size: 14px; fill: #0550ae }
    .box { fill: #ffffff; stroke: #d0d7de }
    .way { stroke: #57606a; stroke-width: 1.5; fill: none; marker-end: url(#tip) }
  </style>
  <defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">\
<path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>
"""


def text(left: float, top: float, words: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'  <text x="{left:g}" y="{top:g}"{named}>{html.escape(words, quote=False)}</text>\n'


def column(place: tuple[int, int], head: str, boxes: Iterable[tuple[str, str]], high: int) -> str:
    """Draw a column of boxes, each with a name and what it is."""
    left, width = place
    drawn = text(left, 50, head, "head")
    for number, (name, what) in enumerate(boxes):
        top = 64 + number * (high + 10)
        drawn += (
            f'  <rect class="box" x="{left}" y="{top}" width="{width}" height="{high}" rx="6"/>\n'
        )
        drawn += text(left + PAD, top + 19, name, "name") + text(left + PAD, top + 36, what)
    return drawn


def way(start: tuple[float, float], end: tuple[float, float]) -> str:
    return f'  <path class="way" d="M{start[0]:g} {start[1]:g}L{end[0]:g} {end[1]:g}"/>\n'


def readers() -> list[tuple[str, str]]:
    """Give every output that an agent reads, and the targets of `generate`."""
    named = [
        (f"--output {name}", what.rstrip(".").rpartition(", for ")[2].replace(" for ", " "))
        for name, what in outputs.OUTPUTS.items()
    ]
    names = list(generate.TARGETS)
    return [*named, ("generate", f"{len(names)} targets, {names[0]} to {names[-1]}")]


def picture() -> str:
    """Draw it."""
    gap = MIDDLE[0] - sum(LEFT)
    high = 44
    asked = [(sum(LEFT), 64 + n * (high + 10) + high / 2) for n in range(len(ASKED))]
    right_high = 44
    read = [64 + n * (right_high + 10) + right_high / 2 for n in range(len(readers()))]
    answers, made = (64 + n * (high + 10) + high / 2 for n in (4, 5))
    ways = "".join(
        way((MIDDLE[0] - 3, 64 + high / 2), (left + gap * 0.1, top)) for left, top in asked
    )
    ways += "".join(way((sum(MIDDLE), answers), (RIGHT[0] - 3, top)) for top in read[:-1])
    ways += way((sum(MIDDLE), made), (RIGHT[0] - 3, read[-1]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        'aria-label="Microsoft 365 is asked once, the host keeps it, every agent is answered">\n'
        f"{STYLE}"
        f'  <rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8" '
        'fill="#f6f8fa" stroke="#d0d7de"/>\n'
        f"{column(LEFT, 'Microsoft 365, asked when due', ASKED, high)}"
        f"{column(MIDDLE, 'o365skype-bridge, on your host', ROOMS, high)}"
        f"{column(RIGHT, 'Your monitoring, any time', readers(), right_high)}"
        f"{ways}</svg>\n"
    )
