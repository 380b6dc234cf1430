"""A strict reader of CLAPI files, which does what Centreon's importer does and refuses what harms.

The importer knows no comments and no escapes, splits every line at each semicolon, loses blanks
at a line's end and characters of names, and goes on after a line that failed. This one stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

ILLEGAL_IN_NAMES = set("~!$%^&*\"|'<>?,()=` ")
MACRO = re.compile(r"[A-Z0-9_]+")
SHOWN_OTHERWISE = ("#BR#", "#S#", "#BS#", "#T#", "#R#")
FRESH_TEMPLATES = ("generic-active-host-custom", "generic-active-service-custom")
COMMAND_PARAMETERS = {"line", "enable_shell"}
HOST_PARAMETERS = {"max_check_attempts"}
SERVICE_PARAMETERS = {
    *("template", "check_command", "check_period", "max_check_attempts"),
    *("normal_check_interval", "retry_check_interval"),
}


class NotClapiError(ValueError):
    """A line that Centreon's importer refuses, loses, or takes for something else."""


class Macro(NamedTuple):
    """A macro as it would be stored."""

    value: str
    password: bool
    description: str


@dataclass
class Thing:
    """A command, template or host as it would be stored."""

    fields: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    macros: dict[str, Macro] = field(default_factory=dict)
    templates: list[str] = field(default_factory=list)


@dataclass
class Centreon:
    """What is configured. Reading a file twice leaves the same."""

    commands: dict[str, Thing] = field(default_factory=dict)
    host_templates: dict[str, Thing] = field(default_factory=dict)
    service_templates: dict[str, Thing] = field(default_factory=dict)
    hosts: dict[str, Thing] = field(default_factory=dict)

    def read(self, text: str) -> None:
        """Follow a file. Raises `NotClapiError` at the first line that is not clean."""
        if not text.endswith("\n") or text.startswith("\ufeff"):
            raise NotClapiError("no newline at the end, or a byte order mark at the beginning")
        before = ""
        for line in text.removesuffix("\n").split("\n"):
            if line:
                self._line(line, before)
                before = line

    def _line(self, line: str, before: str) -> None:
        if not line.isprintable() or line != line.strip():
            raise NotClapiError(f"control characters, or blanks at an end: {line!a}")
        if any(code in line for code in SHOWN_OTHERWISE):
            raise NotClapiError(f"something that Centreon rewrites: {line!a}")
        kind, action, *fields = line.split(";") if ";" in line else (line, "")
        follow = self._verbs().get((kind, action))
        if follow is None:
            raise NotClapiError(f"{kind};{action} is not known")
        count, act = follow
        if len(fields) != count:
            raise NotClapiError(f"{kind};{action} has {count} fields, not {len(fields)}: {line!a}")
        act(fields, before)

    def _verbs(self) -> dict[tuple[str, str], tuple[int, Callable[[list[str], str], None]]]:
        return {
            ("CMD", "ADD"): (3, self._add_command),
            ("CMD", "setparam"): (3, self._set(self.commands, COMMAND_PARAMETERS)),
            ("HTPL", "ADD"): (6, self._add(self.host_templates)),
            ("HTPL", "settemplate"): (2, self._set_template),
            ("HTPL", "setparam"): (3, self._set(self.host_templates, HOST_PARAMETERS)),
            ("HTPL", "setmacro"): (5, self._set_macro(self.host_templates, password=3)),
            ("HTPL", "delmacro"): (2, self._delete_macro(self.host_templates)),
            ("HOST", "delmacro"): (2, self._delete_macro(self.hosts)),
            ("STPL", "ADD"): (3, self._add(self.service_templates)),
            ("STPL", "setparam"): (3, self._set(self.service_templates, SERVICE_PARAMETERS)),
            ("STPL", "setmacro"): (5, self._set_macro(self.service_templates, password=4)),
            ("STPL", "delhosttemplate"): (2, self._unlink),
            ("STPL", "addhosttemplate"): (2, self._link),
            ("HOST", "ADD"): (6, self._add_host),
            ("HOST", "setmacro"): (5, self._set_macro(self.hosts, password=3)),
            ("HOST", "applytpl"): (1, self._apply),
            ("HOST", "DEL"): (1, self._delete(self.hosts)),
            ("STPL", "DEL"): (1, self._delete(self.service_templates)),
            ("HTPL", "DEL"): (1, self._delete(self.host_templates)),
            ("CMD", "DEL"): (1, self._delete(self.commands)),
        }

    def _add(self, place: dict[str, Thing]) -> Callable[[list[str], str], None]:
        def add(fields: list[str], _: str) -> None:
            name = fields[0]
            if not 0 < len(name) <= 200 or set(name) & ILLEGAL_IN_NAMES:
                raise NotClapiError(f"{name!a} is not kept as a name")
            place.setdefault(name, Thing(fields=tuple(fields[1:])))

        return add

    def _add_command(self, fields: list[str], before: str) -> None:
        if fields[1] != "check":
            raise NotClapiError(f"a command of the kind {fields[1]!a}")
        self._add(self.commands)(fields, before)

    def _add_host(self, fields: list[str], before: str) -> None:
        if not all(fields[:5]):
            raise NotClapiError("a host without name, alias, address, template or poller")
        _known(self.host_templates, *fields[3].split("|"))
        self._add(self.hosts)(fields, before)

    def _set(self, place: dict[str, Thing], known: set[str]) -> Callable[[list[str], str], None]:
        def set_parameter(fields: list[str], _: str) -> None:
            name, parameter, value = fields
            if parameter not in known or not value or len(value) > 65535:
                raise NotClapiError(f"parameter {parameter!a} with {value[:60]!a}")
            if parameter == "check_command":
                _known(self.commands, value)
            if parameter == "template" and value not in FRESH_TEMPLATES:
                raise NotClapiError(f"the template {value!a} is not there")
            _known(place, name).parameters[parameter] = value

        return set_parameter

    def _set_template(self, fields: list[str], _: str) -> None:
        if fields[1] not in FRESH_TEMPLATES:
            raise NotClapiError(f"the template {fields[1]!a} is not there")
        _known(self.host_templates, fields[0]).parameters["template"] = fields[1]

    def _set_macro(
        self, place: dict[str, Thing], password: int
    ) -> Callable[[list[str], str], None]:
        def set_macro(fields: list[str], _: str) -> None:
            name, macro, value = fields[:3]
            description = fields[3 if password == 4 else 4]
            if not MACRO.fullmatch(macro) or fields[password] not in ("0", "1"):
                raise NotClapiError(f"macro {macro!a}, password {fields[password]!a}")
            if len(value) > 4096 or not description:
                raise NotClapiError(f"macro {macro!a}: value or description")
            _known(place, name).macros[macro] = Macro(value, fields[password] == "1", description)

        return set_macro

    def _delete_macro(self, place: dict[str, Thing]) -> Callable[[list[str], str], None]:
        def delete_macro(fields: list[str], _: str) -> None:
            # One that is not there is no error.
            _known(place, fields[0]).macros.pop(fields[1], None)

        return delete_macro

    def _unlink(self, fields: list[str], _: str) -> None:
        _known(self.host_templates, fields[1])
        linked = _known(self.service_templates, fields[0]).templates
        linked[:] = [name for name in linked if name != fields[1]]

    def _link(self, fields: list[str], before: str) -> None:
        if before != f"STPL;delhosttemplate;{';'.join(fields)}":
            raise NotClapiError("a link that may be there already, and would be there twice")
        _known(self.host_templates, fields[1])
        _known(self.service_templates, fields[0]).templates.append(fields[1])

    def _apply(self, fields: list[str], _: str) -> None:
        _known(self.hosts, fields[0])

    def _delete(self, place: dict[str, Thing]) -> Callable[[list[str], str], None]:
        def delete(fields: list[str], _: str) -> None:
            _known(place, fields[0])
            if self._used(place, fields[0]):
                raise NotClapiError(f"{fields[0]!a} is still in use")
            del place[fields[0]]

        return delete

    def _used(self, place: dict[str, Thing], name: str) -> bool:
        if place is self.commands:
            return any(
                one.parameters.get("check_command") == name
                for one in self.service_templates.values()
            )
        if place is self.host_templates:
            hosts = any(name in one.fields[2].split("|") for one in self.hosts.values())
            return hosts or any(name in one.templates for one in self.service_templates.values())
        linked = {one for host in self.hosts.values() for one in host.fields[2].split("|")}
        return place is self.service_templates and not linked.isdisjoint(place[name].templates)


def _known(place: dict[str, Thing], *names: str) -> Thing:
    for name in names:
        if name not in place:
            raise NotClapiError(f"{name!a} is not there yet")
    return place[names[-1]]


def expanded(line: str, host: dict[str, str], service: dict[str, str]) -> str:
    """Put macros into a command line, as Centreon Engine does: one that is not there is nothing."""
    values = {
        **{f"_HOST{name}": value for name, value in host.items()},
        **{f"_SERVICE{name}": value for name, value in service.items()},
        "CENTREONPLUGINS": "/usr/lib/centreon/plugins",
    }
    return re.sub(r"\$(\w+)\$", lambda found: values.get(found[1], ""), line)


def split(line: str) -> list[str]:
    """Split a command line as Centreon Engine does: a backslash escapes everywhere, no shell."""
    words: list[str] = []
    word, quote, rest = "", "", iter(line)
    begun = False
    for char in rest:
        if char == "\\":
            following = next(rest)
            word += {"n": "\n", "t": "\t", "r": "\r"}.get(following, following)
            begun = True
        elif quote:
            word, quote = (word, "") if char == quote else (word + char, quote)
        elif char in "'\"":
            quote, begun = char, True
        elif char.isspace():
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + char, True
    if quote:
        raise NotClapiError(f"a quote {quote} that nothing ends")
    return words + ([word] if begun else [])
