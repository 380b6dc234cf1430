"""What is printed, and the exit code: status line, perfdata and long output, as asked for."""

from __future__ import annotations

import os
import time

from o365skype_bridge.connector.reply import Answer, Stop
from o365skype_bridge.outputs import lines, perfdata
from o365skype_bridge.outputs.thresholds import OK, STATES, UNKNOWN
from o365skype_bridge.process import pipes

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from o365skype_bridge.outputs.perfdata import Item

FEWER = "--filter-user or --filter-perfdata asks for fewer"
CHANGES = ("change_perfdata", "extend_perfdata", "extend_perfdata_group", "explode_perfdata_max")
FILTERS = ("filter_perfdata", "filter_perfdata_adv", "filter_uom", "range_perfdata")
STATUS_METRIC = "plugin.mode.status"


class Speech:
    """Says an answer in the form that the output options ask for."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Read the options. Raises `Stop` for one that makes no sense."""
        self._options = options
        self._opt_exit = UNKNOWN
        self._labelled = not options.get("output_ignore_label")
        self.debug = bool(options.get("debug"))
        self.verbose = self.debug or bool(options.get("verbose"))
        self.plugin = self.mode = ""
        self.warnings: Sequence[str] = ()

    def check(self) -> None:
        """Refuse option values that make no sense, in the order of the connector."""
        word = str(self._options.get("opt_exit") or "unknown")
        if _state(word) is None:
            raise Stop(f"Unknown value '{word.lower()}' for --opt-exit.")
        self._opt_exit = _state(word) or 0
        span = self._options.get("range_perfdata")
        if span not in (None, "", "0", "1", "2"):
            raise Stop(f"Wrong range-perfdata option '{span}'")
        for word in self._options.get("explode_perfdata_max") or ():
            if word and "," not in word and self._options["explode_perfdata_max"][0]:
                said = f"Wrong explode-perfdata-max option '{word}' (syntax: match,value)"
                raise Stop(said)

    @property
    def new(self) -> bool:
        """Whether metrics go by their dotted names."""
        return any(self._options.get(key) for key in ("use_new_perfdata", "output_openmetrics"))

    @property
    def works_with_patterns(self) -> bool:
        """Whether patterns of the operator's meet names that a tenant has given."""
        return self._asks_for(*CHANGES, *FILTERS, *LINES)

    def _asks_for(self, *names: str) -> bool:
        return any(self._options.get(name) is not None for name in names)

    def stop(self, stop: Stop) -> int:
        """Say that and give the exit code."""
        state = self._opt_exit if stop.state is None else stop.state
        text = perfdata.safe_text(str(stop), lines.LONGEST_TEXT) if str(stop) else ""
        parts = [(state, text)] if text else []
        details = [*self.warnings, *stop.details]
        answer = Answer(parts, [], details, labelled=stop.labelled, whole=not stop.labelled)
        answer.state = state
        return self._spoken(answer)

    def say(self, answer: Answer) -> int:
        """Say an answer and give the exit code. Raises `BridgeError` for a pattern that is none."""
        if self._asks_for(*CHANGES, *FILTERS):
            from o365skype_bridge.connector import changing  # noqa: PLC0415 rarely asked for

            answer.items = changing.changed(answer.items, self._options)
        if self._options.get("output_ignore_perfdata"):
            answer.items = []
        answer.details = [*self.warnings, *(answer.details if self.verbose else ())]
        return self._spoken(answer)

    def discovered(self) -> int:
        """Say that there is nothing to discover."""
        return self._written('{"data": []}\n' if self._asks("json") else NOTHING, OK)

    def _spoken(self, answer: Answer) -> int:
        answer.labelled = answer.labelled and self._labelled
        other = [name for name in ("xml", "json", "openmetrics") if self._asks(name)]
        if other:
            from o365skype_bridge.connector import formats  # noqa: PLC0415 rarely asked for

            answer.items += _status_item(answer) if other[0] == "openmetrics" else []
            text = formats.FORMATS[other[0]](answer, self.plugin, self.mode, time.time())
        else:
            text = self._text(answer)
        return self._written(text, answer.state)

    def _asks(self, name: str) -> bool:
        return bool(self._options.get(f"output_{name}"))

    def _text(self, answer: Answer) -> str:
        status = lines.status(
            answer.parts, answer.remarks, reasons=answer.reasons, labelled=answer.labelled
        )
        first = f"{status} "
        details = answer.details
        if self._asks_for(*LINES):
            from o365skype_bridge.connector import rewriting  # noqa: PLC0415 rarely asked for

            first, answer.state = rewriting.short(first, answer.state, self._options)
            details = rewriting.long(details, self._options)
        if answer.whole:
            return "\n".join([first, *details, ""])
        return lines.written(first, answer.items, details, FEWER)

    def _written(self, text: str, state: int) -> int:
        """Write in one piece, and give the exit code."""
        path = self._options.get("output_file")
        if path:
            try:
                _keep(path, text)
                text = ""
            except (OSError, ValueError) as error:
                said = f"cannot open file '{path}': {getattr(error, 'strerror', '') or 'error'}"
                text, state = f"UNKNOWN: {perfdata.safe_text(said, 500)} \n{text}", UNKNOWN
        try:
            pipes.write(1, text)
        except OSError:
            return UNKNOWN
        return self._exit_code(state)

    def _exit_code(self, state: int) -> int:
        changed = state
        for word in self._options.get("change_exit") or ():
            source, _, target = word.partition("=")
            if _state(source) == state and _state(target) is not None:
                changed = _state(target) or 0
        return changed


NOTHING = '<?xml version="1.0" encoding="utf-8"?>\n<data/>\n'
LINES = ("change_short_output", "change_long_output", "change_output_adv")


def _keep(path: str, text: str) -> None:
    """Write into a file, or into a pipe that somebody reads. Raises `OSError`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o666)
    try:
        pipes.write(descriptor, text)
    finally:
        os.close(descriptor)


def _state(word: str) -> int | None:
    return STATES.index(word.upper()) if word.upper() in STATES else None


def _status_item(answer: Answer) -> list[Item]:
    return [perfdata.Item(label=STATUS_METRIC, value=answer.state, dotted=STATUS_METRIC)]
