"""The documentation is true: nothing stale, nothing missing, every link and command line good."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docs_picture
import pytest
from catalogue import CATALOGUE

import docs
from o365skype_bridge import generate, reports
from o365skype_bridge.cli import backfill, capture, commands, doctor, entry, flags
from o365skype_bridge.cli import execd as execd_command
from o365skype_bridge.cli import generate as generating
from o365skype_bridge.cli import refresh as refresh_command
from o365skype_bridge.cli import simulate as simulator
from o365skype_bridge.connector import table as connector
from o365skype_bridge.engine import answer, fleet, refresh
from o365skype_bridge.errors import BridgeError
from o365skype_bridge.model import options
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.outcome import OUTCOMES, Outcome
from o365skype_bridge.model.values import Collection
from o365skype_bridge.outputs import OUTPUTS, centreon, influx, judge, lines, load, zabbix
from o365skype_bridge.outputs.checking import Check
from o365skype_bridge.reports import credentials, health
from o365skype_bridge.settings import configfile, sources, values
from o365skype_bridge.settings.credential import Secret
from o365skype_bridge.simulator.faults import FAULTS
from o365skype_bridge.simulator.oddities import ODDITIES
from o365skype_bridge.state import ledger

ROOT = docs.ROOT
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((*ROOT.glob("*.md"), *ROOT.glob("[a-z]*/*.md")))
}
README, ZABBIX, TELEGRAF = (
    TEXTS[page] for page in ("README.md", "zabbix/README.md", "telegraf/README.md")
)
GENERATED = [(page, found[2]) for page in TEXTS for found in docs.MARKED.finditer(TEXTS[page])]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# Python 3.13 prints other help texts than 3.11 and 3.12 do.
SAME_HELP = sys.version_info < (3, 13)


def blocks(page: str, language: str) -> list[str]:
    return [found[2] for found in FENCE.finditer(TEXTS[page]) if found[1] == language]


def section(title: str, text: str = README) -> str:
    """Give what stands under a heading, up to the next one of its level or above."""
    mark = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert mark, f"there is no heading {title!r}"
    rest = text[mark.end() :]
    end = re.search(rf"^#{{1,{len(mark[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """Give the cells of the tables in a text, without their headers."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("| ---"):
            found.pop()
        elif line.startswith("|"):
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", re.sub(r"``.+?``", "", text))


# Nothing is stale.


@pytest.mark.parametrize(("page", "name"), GENERATED)
def test_generated_part_is_fresh(page: str, name: str) -> None:
    """What is generated is what `make docs` would write now."""
    if name.startswith("help-") and not SAME_HELP:
        pytest.skip("this Python prints help differently")
    written = {found[2]: found[0] for found in docs.MARKED.finditer(TEXTS[page])}
    fresh = f"<!-- begin: {name} -->\n{docs.SECTIONS[name]()}<!-- end: {name} -->\n"

    assert written[name] == fresh


@pytest.mark.parametrize("path", [docs.PICTURE, docs_picture.PICTURE])
def test_picture_is_fresh(path: str) -> None:
    """The pictures of demo and architecture are what `make docs` would draw now."""
    assert (ROOT / path).read_text(encoding="utf-8") == docs.everything()[path]()


def test_picture_shows_rooms_that_there_are() -> None:
    """A room that is renamed is renamed in the picture, too."""
    rooms = [name for name, _ in docs_picture.ROOMS]

    assert [name for name in rooms if not (ROOT / "o365skype_bridge" / name).is_dir()] == []


def test_picture_shows_every_output() -> None:
    """Who reads what is all there."""
    drawn = re.findall(r">--output (\w+)<", docs_picture.picture())

    assert drawn == list(OUTPUTS)


def test_every_section_is_shown_once() -> None:
    """What can be generated stands in one page, between a beginning and an end."""
    begun = re.compile(r"^<!-- begin: (\S+)", re.MULTILINE)
    marks = [mark for text in TEXTS.values() for mark in begun.findall(text)]

    assert sorted(marks) == sorted(docs.SECTIONS)
    assert sorted(name for _, name in GENERATED) == sorted(docs.SECTIONS)


def test_pages_with_generated_parts_are_known_to_the_generator() -> None:
    """No page has a generated part that nobody writes."""
    assert {page for page, _ in GENERATED} == set(docs.PAGES)


# Nothing is missing.


@pytest.mark.parametrize("command", commands.SUMMARIES)
def test_command_is_documented(command: str) -> None:
    """Every command has its row in the table of commands."""
    named = [quoted(row[0])[0] for row in rows(section("Commands"))]

    assert named.count(f"{commands.NAME} {command}") == 1


def test_every_setting_is_documented() -> None:
    """The settings table has every flag, every environment variable and every key of the file."""
    table = rows(section("Configuration"))
    listed = (values.REPORTS, values.PERIOD, values.SERVICES)
    keys = (*values.IDENTITY, *values.CONNECTION, *values.GENERAL, *listed, *values.JUDGING)
    judged = [one.flag for one in judge.OPTIONS if one.name in values.JUDGING]
    asked = (flags.REPORT, flags.PERIOD, flags.SERVICE)
    shown = [*(one.flag for one in (*asked, *flags.SETTINGS)), *judged]

    assert [quoted(row[0])[0].split()[0] for row in table] == shown
    assert {name for row in table for name in quoted(row[1])} == {
        *(f"O365_{key.upper()}" for key in keys),
        "O365_CONFIG",
    }
    assert {quoted(row[2])[0].rpartition(".")[2] for row in table if "`" in row[2]} == set(keys)


@pytest.mark.parametrize("page", TEXTS)
def test_every_environment_variable_named_is_one(page: str) -> None:
    """No page names a variable that nobody reads."""
    settable = (
        *values.IDENTITY,
        *values.CONNECTION,
        *values.GENERAL,
        values.REPORTS,
        values.PERIOD,
        values.SERVICES,
        *values.JUDGING,
    )
    keys = (*settable, "config", "debug")
    named = set(re.findall(r"\bO365_[A-Z_]+\b", TEXTS[page]))

    assert named - {f"O365_{key.upper()}" for key in keys} == set()


@pytest.mark.parametrize("page", TEXTS)
def test_every_flag_named_is_one(page: str) -> None:
    """No page names a flag of ours that no command takes."""
    known = {option.flag for option in all_options()} | {"--help", "--version"}
    parser = argparse.ArgumentParser()
    simulator.add_arguments(parser)
    known |= {flag for action in parser._actions for flag in action.option_strings}
    known |= {f"--{row[0]}" for _, section in connector.SECTIONS for row in section}
    prose = FENCE.sub("", TEXTS[page])
    prose = re.sub(r"^\| cli/unknown-.*$", "", prose, flags=re.MULTILINE)  # about such flags
    named = {match for text in quoted(prose) for match in re.findall(r"(?<!\S)--[a-z0-9-]+", text)}

    assert named - known == set()


def test_every_outcome_is_documented_with_its_number() -> None:
    """The outcomes stand in the README in their order, which is what their numbers are."""
    table = rows(section("Outcomes and exit codes"))

    assert [(row[0], row[1]) for row in table if row[1].startswith("`") and row[0].isdigit()] == [
        (str(number), f"`{name}`") for number, name in enumerate(OUTCOMES)
    ]


def test_every_metric_is_documented() -> None:
    """The metric table is the catalogue's."""
    assert [quoted(row[0])[0] for row in rows(section("Metrics"))] == [
        metric.dotted for report in docs.CATALOGUE for metric in report.metrics
    ]


def test_every_permission_is_documented() -> None:
    """What a report needs is asked for in Entra."""
    steps = FENCE.sub("", section("Register the application in Entra"))

    assert {report.permission for report in docs.CATALOGUE} - set(quoted(steps)) == set()


def test_every_output_is_documented() -> None:
    """The row of `collect` names every output."""
    [row] = [row for row in rows(section("Commands")) if quoted(row[0])[0].endswith("collect")]

    assert [text.removeprefix("--output ") for text in quoted(row[1])] == list(OUTPUTS)


def test_every_make_target_is_documented() -> None:
    """CONTRIBUTING.md lists what `make help` lists."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    named = [quoted(row[0])[0] for row in rows(section("Set up", TEXTS["CONTRIBUTING.md"]))]

    assert sorted(named) == sorted(f"make {target}" for target in targets)


@pytest.mark.parametrize(
    "phrase",
    [
        f"We stop at {ledger.MOST_CALLS}",
        f"in {ledger.WINDOW / 60:.0f} minutes",
        f"up to {fleet.TENANTS_AT_ONCE} are asked",
        f"after {refresh.FIRST_WAIT:.0f} s",
        f"up to {refresh.LONGEST_WAIT / 60:.0f} minutes",
        f"{lines.LARGEST:,} bytes",
        f"{zabbix.MOST_USERS:,} users at most",
        f"`--deadline` ({values.Settings.defaults['deadline']:.0f} s)",
        {7.0: "are `--max-age` old (seven days)"}[values.Settings.defaults["max_age"] / values.DAY],
        {3600.0: "`refresh_interval` (one hour)"}[Report.defaults["interval"]],
        {300.0: "health every five minutes"}[health.SERVICES.interval],
        {10800.0: "credentials every three hours"}[credentials.REPORTS[0].interval],
        {120.0: "for\nup to two minutes"}[answer.BACKGROUND_LIFE],
    ],
)
def test_number_in_prose_is_the_one_in_the_code(phrase: str) -> None:
    """Limits that the README states in words are those of the code."""
    assert phrase in README


# What is quoted exists.


def said() -> str:
    """Give every text that the package can say, a line each."""
    lines = [
        node.value
        for path in (ROOT / "o365skype_bridge").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    whole = values.Tenant(name="x", tenant_id="x", client_id="x", credential=Secret("x"))
    for missing in ({"tenant_id": ""}, {"client_id": ""}, {"credential": Secret()}):
        with pytest.raises(BridgeError) as error:
            whole.replace(**missing).require()
        lines.append(str(error.value))
    return "\n".join(lines)


def test_every_message_in_troubleshooting_is_one() -> None:
    """What the README tells people to look for is what they see."""
    quotes = [text for row in rows(section("Troubleshooting"))[:-1] for text in quoted(row[0])]
    quotes = [text for text in quotes if not text.startswith("AADSTS")]
    corpus = said()

    assert [text for text in quotes if text not in corpus] == []


def slug(heading: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def links() -> Iterator[tuple[str, str]]:
    for page, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text)):
            if "://" not in target:
                yield page, target


@pytest.mark.parametrize(("page", "target"), sorted(set(links())))
def test_link_leads_somewhere(page: str, target: str) -> None:
    """A relative link names a file that is there, and a heading that is in it."""
    name, _, anchor = target.partition("#")
    path = (ROOT / page).parent / name if name else ROOT / page

    assert path.exists()
    if anchor:
        text = FENCE.sub("", path.read_text(encoding="utf-8"))
        assert anchor in map(slug, re.findall(r"^#+ (.+)$", text, re.MULTILINE))


# Every command line is good.


def all_options() -> list[options.Option]:
    every = [*refresh_command.OPTIONS, *execd_command.OPTIONS, *backfill.OPTIONS, generating.TO]
    every += (*doctor.OPTIONS, *capture.OPTIONS)
    for target in generate.TARGETS:
        every += generating.options_of(target)
    for command, output in (*(("collect", name) for name in OUTPUTS), ("check", "centreon")):
        every += entry.options_of(command, load(output), reports.catalogue(["D30"]))
    return every


def parse(words: list[str]) -> None:
    """Read the words after the program's name as the program would; raise what it would."""
    command, rest = words[0], words[1:]
    if command in entry.ANSWERS:
        output = entry._output(words)
        values = entry._values(words, output)
        assert values is not None
        asked = reports.chosen(values["report"], flags.REPORT.flag)
        if command == "check":
            Check(values, [])._judge.validate(asked[0])
        return
    if command not in commands._LOADERS:
        assert words == ["--version"]
        return
    parser = commands.Parser(prog=command)
    commands._LOADERS[command]().build(parser, words)
    values = vars(parser.parse_args(rest))
    if command == "simulate":
        assert set(values["oddity"]) <= set(ODDITIES)
        assert {fault.partition("=")[0] for fault in values["fault"]} <= set(FAULTS)
        if values["command"]:
            assert values["command"][0] == commands.NAME
            parse(values["command"][1:])


def ours(line: str) -> list[str]:
    """Give the words after our program's name, if a shell line runs it; else nothing."""
    words = shlex.split(line, comments=True)
    while words and (words[0] in ("sudo", "env", "-i") or "=" in words[0]):
        words = words[1:]
    if words[:1] == ["-u"]:
        return ours(shlex.join(words[2:]))
    return words[1:] if words and Path(words[0]).name == commands.NAME else []


def shells(page: str) -> Iterator[str]:
    """Give the lines of a page that a shell, systemd or cron runs."""
    for block in blocks(page, "sh"):
        yield from block.replace("\\\n", " ").splitlines()
    for block in blocks(page, "ini"):
        yield from re.findall(r"^ExecStart=(.+)$", block, re.MULTILINE)
    yield from re.findall(r"`\*/[\d* ]+ (/[^`]+)`", TEXTS[page])


def plugins(page: str) -> list[dict[str, Any]]:
    """Give the Telegraf plugins that a page shows."""
    found = (tomllib.loads(block) for block in blocks(page, "toml"))
    return [plugin for one in found for plugin in one.get("inputs", {}).get("exec", ())]


def staying(page: str) -> list[dict[str, Any]]:
    """Give the Telegraf plugins that keep their program running."""
    found = (tomllib.loads(block) for block in blocks(page, "toml"))
    return [plugin for one in found for plugin in one.get("inputs", {}).get("execd", ())]


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Give every command line of ours that a page shows, wherever it stands."""
    for page, text in TEXTS.items():
        yield from ((page, ours(line)) for line in shells(page))
        for plugin in plugins(page):
            yield from ((page, ours(shlex.join(words))) for words in plugin["commands"])
        yield from ((page, ours(shlex.join(plugin["command"]))) for plugin in staying(page))
        keys = re.findall(rf"^{commands.NAME}\[(.+)\]$", text, re.MULTILINE)
        yield from ((page, key.split(",")) for key in keys)


COMMAND_LINES = [(page, words) for page, words in command_lines() if words]


@pytest.mark.parametrize(
    ("page", "words"), COMMAND_LINES, ids=[shlex.join(words) for _, words in COMMAND_LINES]
)
def test_command_line_parses(page: str, words: list[str]) -> None:
    """A command line that can be copied from a page is one that works."""
    parse(words)

    assert page in TEXTS


def test_command_lines_are_found_everywhere() -> None:
    """The test above sees shells, Telegraf, systemd, cron, and Zabbix's key."""
    shown = [shlex.join(words) for _, words in COMMAND_LINES]

    assert "collect --output influx" in shown
    assert shown.count("refresh --all") == 2
    assert "collect --output zabbix --tenant contoso --deadline 2.5" in shown
    assert len(shown) > 20


def test_nagios_command_parses() -> None:
    """The arguments of the Nagios service, put into its command, are a good command line."""
    [block] = [block for block in blocks("README.md", "cfg") if "define command" in block]
    [line] = re.findall(r"^ +command_line +(.+)$", block, re.MULTILINE)
    [check] = re.findall(r"^ +check_command +(.+)$", block, re.MULTILINE)
    for number, argument in enumerate(check.split("!")[1:], start=1):
        line = line.replace(f"$ARG{number}$", argument)

    parse(ours(line))


def test_centreon_command_parses() -> None:
    """The Centreon command line is good with every macro empty except the report."""
    [line] = [line for line in blocks("README.md", "cfg") if "define" not in line]
    line = line.replace("$_SERVICEREPORT$", docs.CATALOGUE[0].name)

    parse(ours(re.sub(r"\$_\w+\$", "", line)))


def test_icinga_arguments_are_flags() -> None:
    """The arguments of the Icinga command are flags of `check`."""
    [block] = blocks("README.md", "icinga")
    flags = re.findall(r'"(--[a-z-]+)"', block)
    known = {option.flag for option in entry.options_of("check", centreon.OUTPUT, docs.CATALOGUE)}

    assert len(flags) == 5
    assert set(flags) - known == set()


# What is to be pasted is good.


def test_configuration_file_loads(tmp_path: Path) -> None:
    """The TOML example is a configuration that is taken without a word."""
    [block] = [block for block in blocks("README.md", "toml") if "tenants" in block]
    path = tmp_path / "config.toml"
    path.write_text(block, encoding="utf-8")
    loaded = sources.load({"config": str(path)}, {})

    assert configfile.read(str(path))[1] == []
    assert [tenant.name for tenant in loaded.tenants] == ["contoso", "fabrikam"]
    assert [tenant.proxy for tenant in loaded.tenants] == [
        "http://proxy.example:3128",
        "http://other-proxy.example:3128",
    ]


def test_telegraf_waits_longer_than_our_deadline() -> None:
    """Telegraf's limit in the examples is above the deadline, and the format is line protocol."""
    every = [plugin for page in TEXTS for plugin in plugins(page)]

    assert [plugin["data_format"] for plugin in every] == ["influx"] * len(every)
    assert all(
        int(plugin["timeout"].removesuffix("s")) > values.Settings.defaults["deadline"]
        for plugin in every
    )


def test_execd_asks_by_newlines() -> None:
    """The examples of execd use the signal that cannot come too early, and name their format."""
    every = [plugin for page in TEXTS for plugin in staying(page)]

    assert [(plugin["signal"], plugin["data_format"]) for plugin in every] == [("STDIN", "influx")]


# The interfaces of the outputs are those that the pages list.


def every_word() -> Collection:
    """Give a collection in which one report has figures and the other everything that can fail."""
    names = [report.name for report in CATALOGUE]
    plain = docs.collection({"filter_user": "", "per_user": True, "report": names})
    good, other = plain.results
    stale = Outcome(kind="stale", message="Why.", cause="unreachable", support="request-id 1")
    return plain.replace(results=(good.replace(notes=("A remark.",)), other.replace(outcome=stale)))


def test_health_fields_are_documented_with_their_types() -> None:
    """Every field of the health line is in the table, as the type it is written as."""
    [_, line] = influx.render(every_word(), {}, ()).text.splitlines()[-2:]
    fields = dict(re.findall(r'(\w+)=("[^"]*"|[^", ]+)', line.partition(" ")[2]))
    signs = {'"': "string", "i": "integer", "e": "boolean"}
    types = {name: signs.get(value[-1], "float") for name, value in fields.items()}
    table = rows(section("Health: `o365_bridge`", TELEGRAF))

    assert {quoted(row[0])[0]: row[1] for row in table} == types


def test_zabbix_values_of_a_report_are_documented() -> None:
    """Every value that a report can have in the document is in the table."""
    collection = every_word()
    document = zabbix._document(collection, ("Look.",), 2)
    values = {name for report in document["report"].values() for name in report}
    table = rows(section("Reports", ZABBIX))

    assert {quoted(row[0])[0] for row in table} == values


def test_zabbix_document_is_documented() -> None:
    """Every name at the top of the document is in the table, also those of a failure."""
    one = every_word()
    both = one.replace(results=(*one.results, one.results[0].replace(tenant="other")))
    documents = [zabbix._document(every, ("Look.",), 2) for every in (one, both)]
    table = rows(section("The document", ZABBIX))
    names = {*documents[0], *documents[1], "error"}

    assert {quoted(row[0])[0].removeprefix("$.") for row in table} == names


def test_zabbix_discovery_is_documented() -> None:
    """Every discovery array is in the table, with what its rows have."""
    one = every_word()
    two = one.replace(
        results=(*one.results, *(result.replace(tenant="other") for result in one.results))
    )
    arrays = {
        **zabbix._document(one, (), 2)["discovery"],
        **zabbix._document(two, (), 2)["discovery"],
    }
    table = rows(section("Discovery", ZABBIX))

    assert {quoted(row[0])[0].rpartition(".")[2]: quoted(row[1]) for row in table} == {
        name: list(found[0]) for name, found in arrays.items()
    }


def test_zabbix_schema_number_is_documented() -> None:
    """The page is about the schema that is printed."""
    assert f"`schema` is {zabbix.SCHEMA} and" in ZABBIX
