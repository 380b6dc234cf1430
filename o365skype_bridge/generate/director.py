"""Icinga Director: the same command, templates and services as a basket, with fields for its forms.

Names stand for each other, never numbers or uuids: what is restored has none yet. Nothing of
Icinga's template library is referred to, because Director knows it only after its kickstart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from o365skype_bridge.generate import checks
from o365skype_bridge.generate.base import WITHOUT_FOREIGN_PYTHON

if TYPE_CHECKING:
    from o365skype_bridge.generate.icinga2_variables import Variable

HOST_CHECK, CHECK = "o365skype-host", "o365skype"
HOST, SERVICE, SET = "o365skype-tenant", "o365skype-service", "Microsoft 365 usage"

_TYPE = "Icinga\\Module\\Director\\DataType\\DataType"

Named = dict[str, dict[str, Any]]


def basket(shown: Mapping[str, Any]) -> str:
    """Make the basket from what the configuration's template is given too."""
    variables: Sequence[Variable] = shown["variables"]
    numbers = {variable.name: str(number) for number, variable in enumerate(variables, start=1)}
    options = [
        {checks.word(one) for one in checks.options_of(report)} for report, _ in shown["services"]
    ]
    ours = [
        variable for variable in variables if not any(variable.option in some for some in options)
    ]
    reports = _reports(shown, numbers)
    objects = {
        "Command": {**_host_check(shown), **_check(shown)},
        "HostTemplate": _host(shown, _fields(ours, numbers)),
        "ServiceTemplate": {**_service(), **reports},
        "ServiceSet": _set(shown, reports),
        "Datafield": {numbers[one.name]: _field(one) for one in variables},
    }
    return json.dumps(objects, indent=4, ensure_ascii=False, sort_keys=True) + "\n"


def _named(name: str, kind: str, **more: Any) -> Named:
    return {name: {"object_name": name, "object_type": kind, **more}}


def _command(shown: Mapping[str, Any]) -> str:
    return f"{WITHOUT_FOREIGN_PYTHON} {shown['command']}"


def _host_check(shown: Mapping[str, Any]) -> Named:
    """There is nothing to ping: a host is up when we are installed, the services say the rest."""
    words = f"{_command(shown)} --version"
    return _named(HOST_CHECK, "object", methods_execute="PluginCheck", command=words, timeout="30")


def _check(shown: Mapping[str, Any]) -> Named:
    arguments: dict[str, Any] = {
        "report": {
            "value": f"${shown['prefix']}report$",
            "skip_key": True,
            "order": "-1",
            "required": True,
        }
    }
    for variable in shown["variables"]:
        if variable.is_flag:
            arguments[f"--{variable.option}"] = {"set_if": f"${variable.name}$"}
        else:
            arguments[variable.option] = {"value": variable.value, "skip_key": True}
    return _named(
        CHECK,
        "object",
        methods_execute="PluginCheck",
        command=f"{_command(shown)} check",
        timeout="30",
        arguments=arguments,
    )


def _host(shown: Mapping[str, Any], fields: list[dict[str, Any]]) -> Named:
    return _named(
        HOST,
        "template",
        check_command=HOST_CHECK,
        vars={
            variable.name: shown["on_template"][variable.option].replace("$", "$$")
            for variable in shown["variables"]
            if variable.option in shown["on_template"]
        },
        fields=fields,
    )


def _service() -> Named:
    return _named(
        SERVICE,
        "template",
        check_command=CHECK,
        max_check_attempts="3",
        check_interval="300",
        retry_interval="60",
    )


def _reports(shown: Mapping[str, Any], numbers: Mapping[str, str]) -> Named:
    """Give a template for each report, with the fields of its options."""
    found: Named = {}
    for report, chosen in shown["services"]:
        options = {checks.word(option) for option in checks.options_of(report)}
        mine = [variable for variable in shown["variables"] if variable.option in options]
        values: dict[str, Any] = {f"{shown['prefix']}report": report.name}
        for variable in mine:
            if variable.option in chosen:
                value = chosen[variable.option].replace("$", "$$")
                values[variable.name] = True if variable.is_flag else value
        found |= _named(
            f"{CHECK}-{report.name}",
            "template",
            imports=[SERVICE],
            vars=values,
            fields=_fields(mine, numbers),
        )
    return found


def _set(shown: Mapping[str, Any], templates: Iterable[str]) -> Named:
    services = {
        report.title: {
            "object_name": report.title,
            "object_type": "object",
            "imports": [template],
        }
        for (report, _), template in zip(shown["services"], templates, strict=True)
    }
    return _named(
        SET,
        "template",
        description="Usage of Microsoft 365, on every host that has a tenant.",
        assign_filter=f"host.vars.{shown['key']}=true",
        services=services,
    )


def _fields(variables: Iterable[Variable], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "datafield_id": int(numbers[variable.name]),
            "is_required": "y" if variable.is_required else "n",
            "var_filter": None,
        }
        for variable in variables
    ]


def _field(variable: Variable) -> dict[str, Any]:
    return {
        "varname": variable.name,
        "caption": variable.option.replace("-", " ").capitalize(),
        "description": variable.help,
        "datatype": f"{_TYPE}{'Boolean' if variable.is_flag else 'String'}",
        "format": None,
        "settings": {} if variable.is_flag else {"visibility": "visible"},
    }
