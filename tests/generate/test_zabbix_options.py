"""What the options of `generate zabbix` do, and that nothing breaks out of the files."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from catalogue import CATALOGUE
from conftest import COMMAND
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readers import yaml, zabbix
from readers.zabbix_format import of_kind

from o365skype_bridge.cli.entry import _output, _values
from o365skype_bridge.errors import UsageError
from o365skype_bridge.generate.zabbix import make
from o365skype_bridge.generate.zabbix_plan import OPTIONS
from o365skype_bridge.model import options
from o365skype_bridge.reports import migration

FOREIGN = ("PYTHONPATH=", "PYTHONHOME=")
"""What keeps foreign code away."""

FORBIDDEN = set("\\'\"`*?[]{}~$!&;()<>|#@\n")
"""What an agent refuses in a parameter unless it is told to be unsafe."""

HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(
    lambda text: f"/{text}"
)


def files(**given: str) -> dict[str, str]:
    """Make the files with some options given."""
    return make({**options.defaults(OPTIONS), **given}, CATALOGUE)


def templates(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.read(text)["zabbix_export"]["templates"]
    return found


def macros(text: str) -> dict[str, str]:
    """Give the macros of a file, by name."""
    return {
        macro["macro"]: macro.get("value", "")
        for template in templates(text)
        for macro in template["macros"]
    }


def masters(text: str) -> list[str]:
    """Give the keys that something is run by."""
    return [
        item["key"]
        for template in templates(text)
        for item in template["items"]
        if item.get("type") != "DEPENDENT"
    ]


@given(config=HOSTILE, state_dir=HOSTILE)
@example(config="/{{ 7 * 7 }}", state_dir="/a'b\"c: - #")
@example(config="/{$O365.TENANT}", state_dir="/\u2028x\x85y")
@settings(deadline=None, max_examples=60)
def test_a_path_comes_out_as_it_went_in_or_is_refused(config: str, state_dir: str) -> None:
    """Whatever a path holds, it is the value of its macro and nothing else."""
    try:
        made = files(config=config, state_dir=state_dir)
    except UsageError:
        assert not (config + state_dir).isprintable()
        return
    text = made["microsoft365_usage_external.yaml"]
    plain = files()["microsoft365_usage_external.yaml"]

    assert {**macros(plain), "{$O365.CONFIG}": config, "{$O365.STATE.DIR}": state_dir} == macros(
        text
    )
    assert masters(text) == masters(plain)


@given(command=HOSTILE, config=HOSTILE)
@example(command="/opt/a b/o365'$HOME`x`", config='/etc/$1 "$2";|&')
@settings(deadline=None, max_examples=60)
def test_agents_run_exactly_the_command(command: str, config: str) -> None:
    """The shell line of a UserParameter is our words, whatever is in a path."""
    try:
        conf = files(mode="agent", command=command, config=config)["microsoft365.conf"]
    except UsageError:
        assert not (command + config).isprintable()
        return
    lines = dict(
        line.removeprefix("UserParameter=").split(",", 1)
        for line in conf.splitlines()
        if line.startswith("UserParameter=")
    )
    document = as_agent(lines["o365.bridge.document[*]"], "contoso", "2.5", "", "2000", "", "")
    tenants = as_agent(lines["o365.bridge.tenants[*]"])

    assert shlex.split(document) == [
        *FOREIGN,
        command,
        *("collect", "--output=zabbix", "--tenant=contoso", "--deadline=2.5", ""),
        *("--max-users=2000", "--report=", "--period=", "--one-tenant"),
        f"--config={config}",
    ]
    assert shlex.split(tenants) == [
        *FOREIGN,
        command,
        *("collect", "--output=zabbix", "--tenants-only", f"--config={config}"),
    ]


def test_agents_load_no_code_of_others(tmp_path: Path) -> None:
    """What the agent's environment says of Python reaches no process of ours."""
    (tmp_path / "sitecustomize.py").write_text("print('foreign')")
    config = tmp_path / "config.toml"
    config.write_text('[tenants.contoso]\ntenant_id = "contoso.example"\n')
    conf = files(mode="agent", command=str(COMMAND), config=str(config))["microsoft365.conf"]
    [line] = [line for line in conf.splitlines() if ".tenants[*]" in line]
    done = subprocess.run(
        ["/bin/sh", "-c", as_agent(line.partition(",")[2])],
        env={"PYTHONPATH": str(tmp_path), "PYTHONHOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert json.loads(done.stdout)["discovery"]["tenants"][0]["name"] == "contoso"


def as_agent(line: str, *parameters: str) -> str:
    """Put parameters into a flexible UserParameter as an agent does: $1 to $9, $$ is one $."""
    given = {str(place): value for place, value in enumerate(parameters, start=1)}
    return re.sub(r"\$([1-9$])", lambda found: "$" if found[1] == "$" else given[found[1]], line)


@given(script=st.text(max_size=30))
@settings(deadline=None, max_examples=60)
def test_a_script_is_a_plain_name(script: str) -> None:
    """Zabbix looks for it in its own folder; a slash would be a syntax error, a bracket worse."""
    try:
        text = files(script=script)["microsoft365_usage_external.yaml"]
    except UsageError:
        assert not re.fullmatch(r"[0-9A-Za-z_.-]{1,100}", script)
        return

    assert all(key.startswith(f"{script}[") for key in masters(text))


@pytest.mark.parametrize("script", ["O", "z-9_x.sh", "o365.bridge"])
def test_a_script_of_any_name_is_taken(script: str) -> None:
    """Items are in Zabbix's order, which is without regard to case, whatever the script's name."""
    assert zabbix.problems(files(script=script)["microsoft365_usage_external.yaml"]) == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("script", "a/b", "--script 'a/b' is not the plain name of a file"),
        ("config", "c.toml", "--config 'c.toml' is not an absolute path"),
        ("state_dir", "/a\nb", "--state-dir '/a\\nb' is not an absolute path"),
        ("command", "/" + "x" * 1000, "--command '/xxx"),
    ],
)
def test_a_refused_value_is_named_with_its_option(option: str, value: str, said: str) -> None:
    """Who is refused is told what, and reads a line of bounded length."""
    with pytest.raises(UsageError) as error:
        files(**{option: value})

    assert str(error.value).startswith(said)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
def test_keys_carry_names_of_tenants_and_no_secret(version: str) -> None:
    """A key stands in logs and in the process list, with every macro expanded."""
    made = files(zabbix_version=version)
    [usage] = masters(made["microsoft365_usage_external.yaml"])
    [tenants] = masters(made["microsoft365_tenants_external.yaml"])

    assert usage == (
        'o365skype-bridge[collect,--output=zabbix,"--tenant={$O365.TENANT}",'
        '"--config={$O365.CONFIG}","--state-dir={$O365.STATE.DIR}","--deadline={$O365.DEADLINE}",'
        '"--filter-user={$O365.USER.FILTER}","{$O365.USERS}",'
        '"--max-users={$O365.USERS.MAX}",--one-tenant]'
    )
    assert tenants == (
        'o365skype-bridge[collect,--output=zabbix,--tenants-only,"--config={$O365.CONFIG}"]'
    )


@pytest.mark.parametrize("mode", ["external", "agent", "trapper"])
@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
def test_no_macro_is_for_a_secret(version: str, mode: str) -> None:
    """Importing a template again empties secret macros, so there is none to be emptied."""
    made = "".join(files(zabbix_version=version, mode=mode).values())

    assert re.findall(r"(?i)client.?secret|password|secret_text|token", made) == []


@pytest.mark.parametrize("users", ["", "--per-user"])
@pytest.mark.parametrize("tenant", ["contoso", "-x", "two words", 'it\'s, "quoted"'])
def test_our_command_reads_what_zabbix_passes_on(tenant: str, users: str) -> None:
    """The words of the key, macros in place, are a good command line; empty ones do not count."""
    [key, *_] = sorted(masters(files()["microsoft365_usage_external.yaml"]), key=len, reverse=True)
    values = {"TENANT": tenant, "CONFIG": "/c.toml", "DEADLINE": "2.5", "USERS": users}
    words = [
        re.sub(r"\{\$O365\.([A-Z.]+)\}", lambda found: values.get(found[1], ""), word.strip('"'))
        for word in key.partition("[")[2].removesuffix("]").split(",")
    ]
    read = _values(words, _output(words)) or {}

    assert (read["tenant"], read["config"], read["state_dir"]) == ([tenant], "/c.toml", "")
    assert (read["deadline"], read["filter_user"], read["per_user"]) == ("2.5", "", bool(users))


def test_agents_get_nothing_that_they_refuse() -> None:
    """The macros in an agent's key have values that need no unsafe parameters."""
    made = files(mode="agent")["microsoft365_usage_agent.yaml"]
    [key] = (key for key in masters(made) if "document" in key)
    values = macros(made)
    used = re.findall(r"\{\$[A-Z0-9_.]+\}", key)

    assert used == ["{$O365.TENANT}", "{$O365.DEADLINE}", "{$O365.USERS}", "{$O365.USERS.MAX}"]
    assert [set(values[name]) & FORBIDDEN for name in used] == [set()] * 4
    assert set("--per-user") & FORBIDDEN == set()


@pytest.mark.parametrize(
    ("mode", "item_type"),
    [("external", "EXTERNAL"), ("agent", "ZABBIX_PASSIVE"), ("trapper", "TRAP")],
)
@pytest.mark.parametrize("version", ["6.0", "7.0", "7.4"])
def test_one_master_gets_everything(version: str, mode: str, item_type: str) -> None:
    """A poll is one process; it keeps no history, and from 7.0 on has a timeout of its own."""
    made = files(zabbix_version=version, mode=mode)
    for template in (
        one for name in made if name.endswith("yaml") for one in templates(made[name])
    ):
        found = [
            (item.get("type", "ZABBIX_PASSIVE"), item["history"], item.get("timeout"))
            for item in template["items"]
            if item.get("type") != "DEPENDENT" and not item["key"].startswith("o365.history[")
        ]
        polled = version != "6.0" and mode != "trapper"

        assert found == [(item_type, "0", "{$O365.TIMEOUT}" if polled else None)]


def test_only_pushed_values_have_items_for_their_own_day() -> None:
    """Each figure but those of users has one, with its maximum; nothing is triggered by them."""
    text = files(mode="trapper")["microsoft365_usage_trapper.yaml"]
    history = [
        item
        for template in templates(text)
        for item in of_kind("item", template)
        if item["key"].startswith("o365.history[")
    ]
    dotted = [metric for report in CATALOGUE for metric in report.metrics if not metric.per_user]

    assert {item["type"] for item in history} == {"TRAP"}
    assert len(history) == len(dotted) + sum(metric.limited for metric in dotted)
    assert [item for item in history if "triggers" in item] == []
    assert "o365.history[" not in files()["microsoft365_usage_external.yaml"]


def test_each_pair_of_products_has_a_graph_of_its_own() -> None:
    """Users are no calls: what is compared stands together, and nothing else with it."""
    made = make({**options.defaults(OPTIONS), "zabbix_version": "7.0"}, list(migration.REPORTS))
    widgets = [
        widget
        for name, text in made.items()
        if name.endswith(".yaml")
        for template in templates(text)
        for dashboard in template.get("dashboards", ())
        for page in dashboard["pages"]
        for widget in page["widgets"]
        if widget["type"] == "svggraph" and widget["name"].startswith("From Skype")
    ]
    drawn = {
        widget["name"].partition(": ")[2]: [
            field["value"].partition(": ")[2].removesuffix(" in users")
            for field in widget["fields"]
            if field["name"].endswith(".items.0")
        ]
        for widget in widgets
    }

    assert {figure: items for figure, items in drawn.items() if items} == {
        figure: [f"Product {figure}: {name}" for name in ("Skype for Business", "Teams")]
        for figure in ("Active users", "Sessions and calls", "Conferences and meetings")
    }
