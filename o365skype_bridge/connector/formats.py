"""The other forms of an answer: JSON, XML and OpenMetrics."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from o365skype_bridge.outputs.names import CONTROLS
from o365skype_bridge.outputs.thresholds import STATES

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from o365skype_bridge.connector.reply import Answer
    from o365skype_bridge.outputs.perfdata import Item

SHORT, LONG = 1, 2


def as_json(answer: Answer, plugin: str, mode: str, _now: float) -> str:
    """Give one JSON document on one line."""
    content = {
        "name": plugin,
        "mode": mode,
        "exit": STATES[answer.state],
        "outputs": list(_outputs(answer)),
        "perfdatas": [_fields(item, mode) for item in answer.items],
    }
    return json.dumps({"plugin": content}, ensure_ascii=False) + "\n"


def as_xml(answer: Answer, plugin: str, mode: str, _now: float) -> str:
    """Give one XML document."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<plugin>"]
    head = {"name": plugin, "mode": mode, "exit": STATES[answer.state]}
    lines += [f"  {_element(name, value)}" for name, value in head.items()]
    lines += _elements("outputs", "output", _outputs(answer))
    lines += _elements("perfdatas", "perfdata", (_fields(item, mode) for item in answer.items))
    return "\n".join([*lines, "</plugin>", ""])


def as_openmetrics(answer: Answer, plugin: str, mode: str, now: float) -> str:
    """Give a line for every item, at this time in milliseconds."""
    lines = []
    for item in answer.items:
        instance, _, name = item.label.rpartition("#")
        labels = {
            "plugin": plugin,
            "mode": mode,
            "unit": item.unit,
            "warning": item.warning,
            "critical": item.critical,
            "min": item.minimum,
            "max": item.maximum,
            "instance": instance,
        }
        shown = ",".join(
            f'{key}="{_quoted(text)}"'
            for key, text in labels.items()
            if text or key in ("plugin", "mode")
        )
        lines.append(f"{name}{{{shown}}} {item.value} {int(now * 1000)}\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _outputs(answer: Answer) -> Iterator[Mapping[str, object]]:
    for state, text in (*answer.reasons, *answer.parts):
        label = f"{STATES[state]}: " if answer.labelled else ""
        yield {"type": SHORT, "exit": STATES[state], "msg": f"{label}{text}"}
    for line in (*answer.remarks, *answer.details):
        yield {"type": LONG, "msg": line}


def _fields(item: Item, mode: str) -> Mapping[str, object]:
    known = {
        "label": item.label,
        "value": item.value,
        "unit": item.unit,
        "warning": item.warning,
        "critical": item.critical,
        "min": item.minimum,
        "max": item.maximum,
        "mode": mode,
    }
    extra = {"nlabel": item.dotted, "instances": item.user}
    return known | {name: value for name, value in extra.items() if value}


def _elements(name: str, each: str, rows: Iterator[Mapping[str, object]]) -> Iterator[str]:
    yield f"  <{name}>"
    for row in rows:
        yield f"    <{each}>"
        yield from (f"      {_element(key, value)}" for key, value in row.items())
        yield f"    </{each}>"
    yield f"  </{name}>"


def _element(name: str, value: object) -> str:
    text = escape(str(value).translate(CONTROLS))
    return f"<{name}>{text}</{name}>" if text else f"<{name}/>"


FORMATS: Mapping[str, Callable[[Answer, str, str, float], str]] = {
    "json": as_json,
    "xml": as_xml,
    "openmetrics": as_openmetrics,
}
