"""Says of command lines beforehand what would be answered otherwise than by the connector."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from o365skype_bridge.connector import changing, command, perl, rewriting
from o365skype_bridge.connector.reply import Stop
from o365skype_bridge.connector.speech import Speech
from o365skype_bridge.connector.wording import Wording
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.outputs import names, perfdata
from o365skype_bridge.outputs.judge import Judge
from o365skype_bridge.process import pipes

EQUAL, DIFFERS, REFUSED = "equal", "differs", "refused"
CODES = {EQUAL: 0, DIFFERS: 1, REFUSED: 2}
UNREADABLE = 3
LARGEST = 1 << 24
"""Characters that are read."""

ELSEWHERE = frozenset({"http-peer-addr", "proxypac", "runas", "source-encoding"})
"""Options without effect by whose effect the answer may be another one."""

MACRO = re.compile(r"\$[A-Z_][A-Z0-9_:]*\$")
MODIFIERS = frozenset("imsxg")
GIVEN = {
    "tenant": ("tenant",),
    "client-id": ("client_id",),
    "client-secret": ("client_secret", "client_secret_file"),
}
LONGEST_TIMEOUT = 50.0
SAMPLE = perfdata.Item(label="active_devices", value=1, unit="devices", minimum="0", maximum="2")

Told = tuple[str, str]
"""A verdict, and what there is to say about it."""


class Line:
    """One command line, read as a check would read it."""

    def __init__(self, text: str) -> None:
        """Take the words of the plugin. Raises `ValueError` for quotes that nothing ends."""
        words = shlex.split(text)
        begin = next((place for place, word in enumerate(words) if word.startswith("--")), None)
        self.words = [] if begin is None else words[begin:]
        self.macros = [word for word in self.words if MACRO.fullmatch(word)]
        self.program: Mapping[str, Any] = {}
        self.values: Mapping[str, Any] = {}
        self.title = ""

    def verdict(self) -> tuple[str, list[str]]:
        """Give what would become of it, and what there is to say."""
        told = list(self._told())
        verdict = max((kind for kind, _ in told), key=CODES.__getitem__, default=EQUAL)
        return verdict, [text for _, text in told]

    def _told(self) -> Iterator[Told]:
        if not self.words:
            yield REFUSED, "this is no command line of the plugin"
            return
        try:
            self._read()
        except Stop as stop:
            if stop.labelled:
                yield REFUSED, str(stop)
            return
        except BridgeError as error:
            yield REFUSED, Wording(self.words)(error.text)
            return
        for look in (
            self._missing,
            self._without_effect,
            self._other_values,
            self._code,
            self._patterns,
        ):
            yield from look()
        if self.macros:
            yield EQUAL, f"{', '.join(self.macros)} may hold more options: look at them as well"

    def _read(self) -> None:
        """Read the options in the order of a check. Raises `Stop` or `BridgeError`."""
        known = [MACRO.sub("", word) for word in self.words if word not in self.macros]
        self.program, left = command.first(known)
        speech = Speech(self.program)
        speech.check()
        found = command.target(self.program, left)
        self.title = found.report.name
        self.values = command.options(found, self.program, {}, new=speech.new)
        command.validate(found.report, self.values, new=speech.new)
        Judge(self.values)
        perl.compiled(str(self.values.get("filter_user") or ""), "--filter-user")

    def _has(self, name: str) -> bool:
        return any(word.removeprefix("--").partition("=")[0] == name for word in self.words)

    def _missing(self) -> Iterator[Told]:
        if self._has("config") or self._has("pass-manager") or self.macros:
            return
        for name, keys in GIVEN.items():
            if not self._has(name) and not any(self.values.get(key) for key in keys):
                yield REFUSED, f"--{name} is missing, there as well"

    def _without_effect(self) -> Iterator[Told]:
        for text in command.without_effect(self.words):
            name = text.removeprefix("--").partition(" ")[0]
            yield DIFFERS if name in ELSEWHERE else EQUAL, text

    def _other_values(self) -> Iterator[Told]:
        for word in self.words:
            name, equals, value = word.removeprefix("--").partition("=")
            if name == "units" and equals and not value:
                yield DIFFERS, "--units= means percents here, and count there"
            if name.endswith("-endpoint") and value.startswith("http://"):
                yield REFUSED, f"--{name} is http: credentials and reports travel over TLS only"
        if _number(self.values.get("timeout")) > LONGEST_TIMEOUT:
            yield DIFFERS, "--timeout is for the whole answer here, and 50 seconds at most"
        if "--filter-counters=" in self.words and self.title.endswith("users-activity"):
            yield DIFFERS, "counters of every user are shown: text output ends below 8,192 bytes"

    def _code(self) -> Iterator[Told]:
        """Say where the connector would run code of the operator's."""
        for option in ("change_short_output", "change_long_output"):
            for word in self.program.get(option) or ():
                modifiers = [*word.split("~"), "", ""][2]
                if strange := set(modifiers) - MODIFIERS:
                    flag = f"--{option.replace('_', '-')}"
                    yield DIFFERS, f"{flag} with the modifier {min(strange)} changes nothing here"
        for option in ("change_perfdata", "extend_perfdata"):
            if any("eval(" in word for word in self.program.get(option) or ()):
                yield DIFFERS, f"--{option.replace('_', '-')} with eval(...) changes nothing here"

    def _patterns(self) -> Iterator[Told]:
        texts = [*map(str, self.program.values()), str(self.values.get("filter_user") or "")]
        if not all(text.isascii() for text in texts):
            yield DIFFERS, "a pattern sees characters here, and bytes there: look at accents"
        checks: tuple[Callable[[], object], ...] = (
            lambda: changing.changed([SAMPLE], self.program),
            lambda: rewriting.short("OK: a ", 0, self.program),
            lambda: rewriting.long(["a"], self.program),
        )
        for check in checks:
            try:
                check()
            except BridgeError as error:
                yield REFUSED, error.text


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def scanned(lines: Sequence[str]) -> tuple[str, int]:
    """Give the report on all lines, and the exit code: 0 equal, 1 some differ, 2 some refused."""
    said, counts = [], dict.fromkeys(CODES, 0)
    for number, text in enumerate(lines, 1):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        try:
            line = Line(text)
            verdict, reasons = line.verdict()
            title = line.title
        except ValueError:
            verdict, reasons, title = REFUSED, ["a quote that nothing ends"], ""
        counts[verdict] += 1
        said.append(f"{verdict:<8} line {number}{f': {title}' if title else ''}")
        said += [f"           {names.clean(reason, 500)}" for reason in reasons]
    found = [f"{count} {verdict}" for verdict, count in counts.items()]
    said.append(f"{sum(counts.values())} command lines: {', '.join(found)}")
    return "\n".join([*said, ""]), max(
        (CODES[key] for key, count in counts.items() if count), default=0
    )


def scan(file: str) -> int:
    """Read command lines from a file, or with ``-`` from stdin; say it, and give the exit code."""
    try:
        if file == "-":
            text = sys.stdin.read(LARGEST)
        else:
            with Path(file).open(encoding="utf-8", errors="replace") as opened:
                text = opened.read(LARGEST)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no file's name"
        pipes.write(1, f"UNKNOWN: --scan {file!a} cannot be read: {why}\n")
        return UNREADABLE
    report, code = scanned(text.splitlines())
    pipes.write(1, report)
    return code
