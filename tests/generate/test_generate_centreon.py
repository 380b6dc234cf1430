"""What `generate centreon` makes is a CLAPI file in which nothing is lost or shifted."""

from __future__ import annotations

import copy
import re
import shlex

import pytest
from attempts import attempt, made
from catalogue import CATALOGUE, SHAPES
from clapi_reader import Centreon, Macro, NotClapiError, Thing, expanded, split
from hypothesis import given, settings
from hypothesis import strategies as st

from o365skype_bridge.cli import entry
from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate import centreon
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.outputs import centreon as output

HOST_TEMPLATE = "o365skype-bridge-skype"
DEVICES = "o365skype-bridge-skype-devices-usage"
USERS = "o365skype-bridge-skype-users-activity"
PACK_HOST = "Cloud-Microsoft-Office365-Skype-Api-custom"
PACK_SERVICES = [
    "Cloud-Microsoft-Office365-Skype-Devices-Usage-Api-custom",
    "Cloud-Microsoft-Office365-Skype-Users-Activity-Api-custom",
]

THRESHOLDS = {
    DEVICES: ("ACTIVEDEVICES", "WINDOWS", "IPAD", "IPHONE", "ANDROIDPHONE", "WINDOWSPHONE"),
    USERS: (
        "ACTIVEUSERS",
        "TOTALPEERTOPEERSESSIONS",
        "TOTALORGANIZEDCONFERENCE",
        "TOTALPARTICIPATEDCONFERENCE",
        "PEERTOPEERSESSIONS",
        "ORGANIZEDCONFERENCE",
        "PARTICIPATEDCONFERENCE",
    ),
}


def text_of(line: str = "") -> str:
    """Give the import file of a command line."""
    return made(f"centreon {line}")[centreon.IMPORT]


def read(text: str) -> Centreon:
    """Give what Centreon has after the import."""
    found = Centreon()
    found.read(text)
    return found


def arguments(found: Centreon, template: str) -> list[str]:
    """Give the words that the plugin gets from Centreon Engine for a service of this template."""
    service = found.service_templates[template]
    macros = {name: macro.value for name, macro in service.macros.items()}
    host = {name: macro.value for name, macro in found.host_templates[HOST_TEMPLATE].macros.items()}
    line = found.commands[service.parameters["check_command"]].parameters["line"]
    return split(expanded(line, host, macros))


@pytest.mark.parametrize("line", ["", "--host m365 --tenant a.example --client-id b"])
def test_import_is_clean(line: str) -> None:
    """A strict reader takes every line, and a second import changes nothing."""
    text = text_of(line)
    found = read(text)
    twice = read(text)
    twice.read(text)

    assert twice == found
    assert list(found.host_templates) == [HOST_TEMPLATE]
    assert list(found.service_templates) == [DEVICES, USERS]


@pytest.mark.parametrize("line", ["", "--host m365"])
def test_uninstall_leaves_nothing(line: str) -> None:
    """The other file takes everything away again, in an order that Centreon allows."""
    files = made(f"centreon {line}")
    found = read(files[centreon.IMPORT])
    found.read(files[centreon.UNINSTALL])

    assert found == Centreon()


def with_a_pack() -> Centreon:
    """Give a Centreon that has the plugin pack, and an administrator with forty services."""
    found = Centreon()
    secret = Macro("s3cr3t", password=True, description="theirs")
    found.host_templates[PACK_HOST] = Thing(parameters={"template": "their-own-parent"})
    for name in PACK_SERVICES:
        found.service_templates[name] = Thing(
            parameters={"template": f"{name.removesuffix('-custom')}", "check_command": "pack"},
            templates=[PACK_HOST],
        )
    found.commands["pack"] = Thing(fields=("check", "perl"))
    for number in range(20):
        found.hosts[f"tenant-{number}"] = Thing(
            fields=(f"tenant-{number}", "127.0.0.1", PACK_HOST, "Central", ""),
            macros={"OFFICE365CLIENTSECRET": secret},
        )
    return found


@pytest.mark.parametrize("line", ["", "--host m365", "--secret-file /a --host m365"])
def test_import_and_uninstall_touch_only_their_own(line: str) -> None:
    """Beside a plugin pack nothing of it changes, before or after."""
    before, files = with_a_pack(), made(f"centreon {line}")
    found = with_a_pack()
    found.read(files[centreon.IMPORT])
    theirs = copy.deepcopy(found)
    for place in (theirs.commands, theirs.host_templates, theirs.service_templates, theirs.hosts):
        for name in [name for name in place if name.startswith("o365skype") or name == "m365"]:
            del place[name]

    assert theirs == before
    found.read(files[centreon.UNINSTALL])
    assert found == before


def test_every_name_is_ours() -> None:
    """Whatever a pack calls its own, it is not called like this."""
    found = read(text_of())
    names = [*found.commands, *found.host_templates, *found.service_templates]

    assert [name for name in names if not name.startswith("o365skype-bridge-")] == []


def test_names_of_the_pack_are_for_who_asks() -> None:
    """Hosts and graphs made for the pack find the templates by the names they know."""
    found = read(text_of("--pack-names"))

    assert list(found.host_templates) == [PACK_HOST]
    assert list(found.service_templates) == PACK_SERVICES


def test_uninstall_leaves_templates_that_may_be_the_packs() -> None:
    """Under the pack's names only the host goes that was made; services of others stay."""
    files = made("centreon --pack-names --host m365")
    found = read(files[centreon.IMPORT])
    found.hosts["theirs"] = Thing(fields=("theirs", "127.0.0.1", PACK_HOST, "Central", ""))
    found.read(files[centreon.UNINSTALL])

    assert list(found.hosts) == ["theirs"]
    assert list(found.service_templates) == PACK_SERVICES


@pytest.mark.parametrize(
    ("first", "then", "gone"),
    [
        ("", "--secret-file /a", "OFFICE365CLIENTSECRET"),
        ("--secret-file /a", "", "OFFICE365SECRETFILE"),
    ],
)
def test_changing_where_the_secret_is_takes_the_old_place_away(
    first: str, then: str, gone: str
) -> None:
    """From the template and from the host, so that no secret stays where nobody looks."""
    found = read(text_of(f"--host m365 {first}"))
    old = Macro("s3cr3t", password=True, description="filled in by hand")
    found.hosts["m365"].macros[gone] = found.host_templates[HOST_TEMPLATE].macros[gone] = old
    found.read(text_of(f"--host m365 {then}"))

    assert gone not in found.hosts["m365"].macros
    assert gone not in found.host_templates[HOST_TEMPLATE].macros
    assert "s3cr3t" not in str(found)


def test_file_is_lines_and_nothing_else() -> None:
    """No comment, no byte order mark, no carriage return, and every line begins with an object."""
    lines = text_of("--host m365").split("\n")
    kinds = {line.split(";")[0] for line in lines}

    assert kinds == {"CMD", "HTPL", "STPL", "HOST", ""}


def test_host_template_has_its_macros() -> None:
    """The macros are those of the connector's plugin pack; only the secret is a password."""
    macros = read(text_of()).host_templates[HOST_TEMPLATE].macros

    assert {name: (macro.value, macro.password) for name, macro in macros.items()} == {
        "OFFICE365CUSTOMMODE": ("graphapi", False),
        "OFFICE365TENANT": ("", False),
        "OFFICE365CLIENTID": ("", False),
        "OFFICE365CLIENTSECRET": ("", True),
        "OFFICE365EXTRAOPTIONS": ("", False),
    }


@pytest.mark.parametrize("template", [DEVICES, USERS])
def test_service_template_has_its_macros(template: str) -> None:
    """Filters, units, and two thresholds for every counter, none of them a password."""
    macros = read(text_of()).service_templates[template].macros
    figures = (*THRESHOLDS[template], "AGE", "CONFIRMED")
    thresholds = [f"{kind}{name}" for name in figures for kind in ("WARNING", "CRITICAL")]
    others = {"FILTERUSER", "FILTERCOUNTERS", "UNITS", "MAXAGE", "STALESTATE", "EXTRAOPTIONS"}

    assert set(macros) == {*others, *thresholds}
    assert {name: macro.value for name, macro in macros.items() if macro.value} == {
        "UNITS": "%",
        **({"FILTERCOUNTERS": "active|total"} if template == USERS else {}),
    }
    assert not any(macro.password for macro in macros.values())


@pytest.mark.parametrize(
    ("template", "alias", "mode"),
    [(DEVICES, "Devices-Usage", "devices-usage"), (USERS, "Users-Activity", "users-activity")],
)
def test_command_line_is_the_connectors(template: str, alias: str, mode: str) -> None:
    """The plugin gets its mode, the preset values, and nothing for what nobody filled in."""
    found = read(text_of())
    *before, plugin = arguments(found, template)[:4]
    words = arguments(found, template)[4:]
    options = {word.partition("=")[0]: word.partition("=")[2] for word in words}
    counters = {"--filter-counters": "active|total"} if template == USERS else {}

    assert found.service_templates[template].fields == (alias, "")
    assert found.service_templates[template].templates == [HOST_TEMPLATE]
    assert before == ["/usr/bin/env", "PYTHONPATH=", "PYTHONHOME="]
    assert plugin == "/usr/lib/centreon/plugins/centreon_office365_skype_api"
    assert {name: value for name, value in options.items() if value} == {
        "--plugin": "cloud::microsoft::office365::skype::plugin",
        "--mode": mode,
        "--custommode": "graphapi",
        "--units": "%",
        **counters,
    }
    assert {"--tenant", "--client-id", "--client-secret", "--filter-user"} < set(options)


@pytest.mark.parametrize("report", CATALOGUE, ids=lambda report: report.name)
def test_thresholds_are_the_metrics(report: Report) -> None:
    """Every metric has both thresholds on the command line of its report, and no other has."""
    [template] = [one for one in (DEVICES, USERS) if one.endswith(report.name)]
    words = [word.partition("=")[0] for word in arguments(read(text_of()), template)]
    limits = [word for word in words if word.startswith(("--warning", "--critical"))]

    assert limits == [
        f"--{kind}-{name}"
        for name in ("age", "confirmed", *(words.option for words in report.words.words))
        for kind in ("warning", "critical")
    ]


OURS = {shape: report for shape, report in SHAPES.items() if not report.wording}
"""Reports that Centreon's connector does not have, a shape each."""


def made_of(*reports: Report, **changes: str) -> dict[str, str]:
    """Give the files for some reports."""
    return centreon.make({**defaults(centreon.OPTIONS), **changes}, reports)


@pytest.mark.parametrize("shape", SHAPES)
def test_report_of_any_shape_is_imported_and_taken_away(shape: str) -> None:
    """A strict reader takes every line about it, and nothing is left in the end."""
    files = made_of(*CATALOGUE, SHAPES[shape])
    found = read(files[centreon.IMPORT])
    names = list(found.commands)
    found.read(files[centreon.UNINSTALL])

    assert names[-1] == f"o365skype-bridge-{SHAPES[shape].name}"
    assert found == Centreon()


@pytest.mark.parametrize("shape", OURS)
def test_what_the_connector_does_not_have_goes_by_check(shape: str) -> None:
    """Its command line is one of `check`, which knows every option on it."""
    report = OURS[shape]
    text = made_of(report, check_command="/opt/bridge")[centreon.IMPORT]
    [command] = read(text).commands.values()
    line = split(command.parameters["line"])
    words = [word.partition("=")[0] for word in line[6:] if word.startswith("--")]
    known = {option.flag for option in entry.options_of("check", output.OUTPUT, [report])}

    assert line[0] == "/usr/bin/env"
    assert line[3:6] == ["/opt/bridge", "check", report.name]
    assert [word for word in words if word not in known] == []
    assert {"--tenant-id", "--client-id", "--client-secret"} < set(words)


@pytest.mark.parametrize("shape", OURS)
def test_what_goes_by_check_has_its_macros(shape: str) -> None:
    """Two thresholds for each number; users can be chosen where rows are of users only."""
    report = OURS[shape]
    [service] = read(made_of(report)[centreon.IMPORT]).service_templates.values()
    figures = {
        words.option.replace("-", "").upper()
        for metric, words in report.spoken
        if not metric.is_text
    }

    assert {name for name in service.macros if name.startswith(("WARNING", "CRITICAL"))} == {
        f"{kind}{name}"
        for name in (*figures, "AGE", "CONFIRMED")
        for kind in ("WARNING", "CRITICAL")
    }
    assert "FILTERUSER" not in service.macros


def test_host_template_of_both_has_the_macros_of_both() -> None:
    """One tenant, client and secret for all services; further options for either command."""
    known = CATALOGUE[0]
    other = OURS["by day"].replace(name="skype-room-counts")
    found = read(made_of(known, other)[centreon.IMPORT])
    [macros] = [template.macros for template in found.host_templates.values()]

    assert list(macros) == [
        "OFFICE365CUSTOMMODE",
        "OFFICE365TENANT",
        "OFFICE365CLIENTID",
        "OFFICE365CLIENTSECRET",
        "OFFICE365EXTRAOPTIONS",
        "OFFICE365CHECKOPTIONS",
    ]


def test_every_macro_is_on_its_command_line() -> None:
    """What can be filled in reaches the plugin."""
    found = read(text_of())
    host = found.host_templates[HOST_TEMPLATE].macros
    for service in found.service_templates.values():
        line = found.commands[service.parameters["check_command"]].fields[1]

        assert [name for name in host if f"$_HOST{name}$" not in line] == []
        assert [name for name in service.macros if f"$_SERVICE{name}$" not in line] == []
        assert line == found.commands[service.parameters["check_command"]].parameters["line"]


def test_no_shell_is_asked_for() -> None:
    """Centreon Engine runs the command itself: what is in a macro can start nothing."""
    commands = read(text_of()).commands.values()

    assert [command.parameters["enable_shell"] for command in commands] == ["0", "0"]


def test_secret_file_keeps_the_secret_out() -> None:
    """With a file there is no macro for a secret, and nothing that is a password."""
    text = text_of("--secret-file /etc/o365/secret")
    found = read(text)
    macros = found.host_templates[HOST_TEMPLATE].macros

    assert macros["OFFICE365SECRETFILE"].value == "/etc/o365/secret"
    assert not any(macro.password for macro in macros.values())
    assert ("OFFICE365CLIENTSECRET" in macros, "--client-secret=" in text) == (False, False)
    assert "--client-secret-file=/etc/o365/secret" in arguments(found, USERS)


def test_host_has_the_services_and_its_tenant() -> None:
    """A host is linked to the template, knows who it is about, and gets the services deployed."""
    text = text_of("--host m365 --poller 'Poller 2' --tenant a.example --client-id b")
    host = read(text).hosts["m365"]

    assert host.fields == ("m365", "127.0.0.1", HOST_TEMPLATE, "Poller 2", "")
    assert host.macros == {
        "OFFICE365TENANT": Macro(
            "a.example", password=False, description="Tenant: its GUID or domain"
        ),
        "OFFICE365CLIENTID": Macro("b", password=False, description="Client id of the application"),
    }
    assert text.endswith("\nHOST;applytpl;m365\n")


def test_host_options_without_a_host_are_refused() -> None:
    """What nothing is made of is not taken in silence."""
    with pytest.raises(UsageError, match="--tenant belongs to a host"):
        text_of("--tenant a.example")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_value_survives_or_is_refused_by_name(value: str) -> None:
    """A filter reaches the plugin as it was given, or the message names its option."""
    word = f"skype-users-activity:filter-user={value}"
    files, refusal = attempt(f"centreon --set {shlex.quote(word)}")
    if refusal:
        assert "--set filter-user" in refusal
        assert (
            not value.isprintable()
            or value != value.strip()
            or re.search("[;#\ud800-\udfff]", value)
        )
        return
    found = arguments(read(files[centreon.IMPORT]), USERS)

    assert f"--filter-user={value}" in found


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["--host", "--address", "--poller", "--tenant", "--client-id"]), st.text())
def test_host_value_survives_or_is_refused_by_name(option: str, value: str) -> None:
    """Everything about the host is stored as it was given, or refused with its option's name."""
    given_ = {"--host": "m365", option: value}
    line = " ".join(f"{name}={shlex.quote(text)}" for name, text in given_.items())
    files, refusal = attempt(f"centreon {line}")
    if refusal:
        assert option in refusal
        return
    hosts = read(files[centreon.IMPORT]).hosts
    if not (option == "--host" and not value):
        [(name, host)] = hosts.items()
        macros = {macro: split(f"'{stored.value}'") for macro, stored in host.macros.items()}
        kept = {
            "--host": [name],
            "--address": [host.fields[1]],
            "--poller": [host.fields[3]],
            "--tenant": macros.get("OFFICE365TENANT", [""]),
            "--client-id": macros.get("OFFICE365CLIENTID", [""]),
        }

        assert kept[option] == [value]


@pytest.mark.parametrize(
    "option",
    [
        *("--host", "--address", "--poller", "--tenant", "--client-id", "--secret-file"),
        *("--command", "--check-command", "--set filter-user"),
    ],
)
@pytest.mark.parametrize("char", [";", "\r", "\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028"])
def test_separators_and_control_characters_are_refused_by_name(option: str, char: str) -> None:
    """Each would shift fields, begin a line, or be lost; nothing can escape it."""
    flag, space, name = option.partition(" ")
    value = f"{name}{'=' if space else ''}/a{char}b"
    host = "" if option == "--host" else "--host m365"
    _, refusal = attempt(f"centreon {host} {flag}={shlex.quote(value)}")

    assert refusal.startswith(option)


@pytest.mark.parametrize("option", ["--secret-file", "--command", "--check-command"])
@pytest.mark.parametrize(
    "value",
    ["a", "/a b", "/a'b", '/a"b', "/a\\b", "/a;b", "/a\nb", "/a#BR#b", "/a$b", "/\x07", "/" * 4097],
)
def test_path_that_cannot_stand_is_refused_by_name(option: str, value: str) -> None:
    """A path that some reader would change is refused."""
    with pytest.raises(UsageError, match=option):
        text_of(f"{option}={shlex.quote(value)}")


@pytest.mark.parametrize(
    ("option", "most"), [("--host", 200), ("--poller", 200), ("--tenant", 4096)]
)
def test_length_is_checked(option: str, most: int) -> None:
    """What Centreon would cut is refused; what just fits is taken."""
    line = f"--host={'h' * (most if option == '--host' else 1)}"
    if option != "--host":
        line += f" {option}={'x' * most}"

    assert len(read(text_of(line)).hosts) == 1
    with pytest.raises(UsageError, match=f"{option} has {most + 1} characters"):
        text_of(f"{line} {option}={'x' * (most + 1)}")


@pytest.mark.parametrize(
    "wrong",
    [
        "# a comment\n",
        "cmd;ADD;a;check;b\n",
        "\ufeffCMD;ADD;a;check;b\n",
        "CMD;ADD;a;check;b;c\n",
        "CMD;ADD;a;check;b\r\n",
        "CMD;ADD;a!b;check;b\n",
        "CMD;ADD;a;check;b ",
        "HTPL;ADD;a;b;;;\n",
        "HTPL;setmacro;a;B;c;0;d\n",
        "HTPL;ADD;a;b;;;;\nHTPL;setmacro;a;B;c;d;0\n",
        "STPL;ADD;a;b;\nSTPL;setmacro;a;B;c;0;d\n",
        "STPL;ADD;a;b;\nHTPL;ADD;h;h;;;;\nSTPL;addhosttemplate;a;h\n",
    ],
)
def test_reader_is_strict(wrong: str) -> None:
    """The reader refuses what the importer would choke on or misplace."""
    with pytest.raises(NotClapiError):
        read(wrong)
