"""A dashboard of Grafana, whatever its data source: its frame, its grid, and its panels' looks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from o365skype_bridge.errors import UsageError
from o365skype_bridge.model.options import Option
from o365skype_bridge.model.outcome import OUTCOMES

SCHEMA = 41
"""Grafana's number for the form of a dashboard; newer versions bring an older one up to date."""

WIDTH = 24
"""Columns of Grafana's grid."""

DAYS = Option(
    flag="--days", metavar="NUMBER", default="30", help="Days that are shown when it is opened."
)

COLOURS = {"ok": "green", "empty": "blue", "stale": "yellow", "pending": "yellow"}
"""Colours of outcomes; all others are red."""

TOOLTIP = {"mode": "multi", "sort": "none"}
LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
LINES = {"legend": LEGEND, "tooltip": TOOLTIP}
TABLE = {"showHeader": True, "cellHeight": "sm", "frameIndex": 0}
TIMELINE = {
    "mergeValues": True,
    "showValue": "auto",
    "alignValue": "left",
    "rowHeight": 0.9,
    "legend": LEGEND,
    "tooltip": {"mode": "single", "sort": "none"},
}
STAT = {
    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    "orientation": "auto",
    "textMode": "auto",
    "colorMode": "value",
    "graphMode": "none",
    "justifyMode": "auto",
    "percentChangeColorMode": "standard",
    "showPercentChange": False,
    "wideLayout": True,
}
"""Options of the kinds of panels."""


class Sized(Protocol):
    """A panel, as far as its place is concerned."""

    @property
    def width(self) -> int:
        """Its columns."""

    @property
    def height(self) -> int:
        """Its rows."""


P = TypeVar("P", bound=Sized)


def require_id(flag: str, text: str, longest: int) -> None:
    """Refuse an id that Grafana would refuse. Raises `UsageError`."""
    if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{longest}}}", text):
        raise UsageError(
            f"{flag} {text!a} is not an id", f"Letters, digits, _ and -, at most {longest}."
        )


def require_days(text: str) -> None:
    """Refuse what is no number of days. Raises `UsageError`."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise UsageError(f"--days {text!a} is not a number of days", "Give 1 to 9999.")


def written(document: Mapping[str, Any]) -> str:
    """Write a document as Grafana's files are."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def framed(
    uid: str, title: str, values: Mapping[str, Any], parts: Mapping[str, Any], target: str
) -> dict[str, Any]:
    """Give a dashboard: what every one has, and its own ``parts``, the panels among them."""
    return {
        "uid": uid,
        "title": title.encode(errors="replace").decode(),
        "description": f"Made by o365skype-bridge generate {target}.",
        "tags": ["microsoft365", "o365skype-bridge"],
        "schemaVersion": SCHEMA,
        "editable": True,
        "timezone": "utc",
        "time": {"from": f"now-{values['days']}d", "to": "now"},
        "refresh": "5m",
        "graphTooltip": 1,
        "annotations": {"list": []},
        **parts,
    }


def variables(label: str, source: Mapping[str, str], tenants: Any) -> dict[str, Any]:
    """Give the variables that are chosen above: a data source, and tenants by a query."""
    found = [
        {
            "name": "datasource",
            "label": label,
            "type": "datasource",
            "query": source["type"],
            "refresh": 1,
            "hide": 0,
        },
        {
            "name": "tenant",
            "label": "Tenant",
            "type": "query",
            "datasource": source,
            "query": tenants,
            "refresh": 2,
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "hide": 0,
        },
    ]
    return {"list": found}


def placed(
    found: Iterable[P | str], document: Callable[[P, int, dict[str, int]], dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Number the panels and put them into the grid, row by row; a text is the title of a row.

    ``document`` gives a panel by its number and place.
    """
    x = y = height = 0
    for number, panel in enumerate(found, start=1):
        is_row = isinstance(panel, str)
        width, tall = (WIDTH, 1) if isinstance(panel, str) else (panel.width, panel.height)
        if is_row or x + width > WIDTH:
            x, y, height = 0, y + height, 0
        place = {"x": x, "y": y, "w": width, "h": tall}
        if isinstance(panel, str):
            row = {"id": number, "type": "row", "title": panel, "collapsed": False}
            yield {**row, "gridPos": place, "panels": []}
        else:
            yield document(panel, number, place)
        x, height = x + width, max(height, tall)


def outcomes(*, by_code: bool) -> dict[str, Any]:
    """Show outcomes as words in their colours, from their codes or from the words."""
    return {
        "type": "value",
        "options": {
            str(number) if by_code else name: {
                "text": name,
                "color": COLOURS.get(name, "red"),
                "index": number,
            }
            for number, name in enumerate(OUTCOMES)
        },
    }
