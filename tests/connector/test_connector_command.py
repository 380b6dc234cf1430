"""The drop-in as a service calls it: credentials, limits, what it never shows, other forms."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from connecting import DEVICES, TEAMS, USERS, Make, Service
from readers import perfdata, recordings
from runner import COMMAND, TIMEOUT, stage

pytest_plugins = ("connected",)

INSTALLED = [
    "data/usr-small",
    "counter/usr-mixed",
    "filter-counters/dev-4",
    "rounding/1-of-8",
    "output/change-thresholds",
    "cli/single-dash",
    "cli/missing-all",
    "instances/all-concealed",
    "fault-token/401",
    "teams/dev-warn",
]


@pytest.mark.parametrize("name", INSTALLED)
def test_installed_command_keeps_the_contract(name: str, tmp_path: Path) -> None:
    """The command that is installed answers like the connector, and says nothing on stderr."""
    recording = recordings.RECORDINGS[name]
    with stage(recording, tmp_path) as there:
        done = subprocess.run(
            [COMMAND, *there.words(recordings.words(recording))],
            env=there.env,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    assert (done.returncode, done.stdout, done.stderr) == (
        recording["exit"],
        recording["stdout"],
        "",
    )


def test_missing_options_are_named_in_order_and_nothing_is_sent(service: Service) -> None:
    """Tenant, client id, secret."""
    missing = ["tenant", "client-id", "client-secret"]
    while missing:
        done = service.run(*DEVICES, without=tuple(missing))

        assert done == (3, f"UNKNOWN: Need to specify --{missing.pop(0)} option. \n", "")
    assert list(service.lab.simulator.calls) == []


def test_environment_may_say_who_logs_in(service: Service) -> None:
    """What our other commands read from the environment this one does too."""
    names = {key: f"O365_{key.replace('-', '_').upper()}" for key in service.access}
    names["tenant"] = "O365_TENANT_ID"
    env = {names[key]: text for key, text in service.access.items()}

    assert service.run(*DEVICES, without=tuple(service.access), env=env).code == 0


def test_secret_comes_from_a_file_or_a_variable(service: Service, tmp_path: Path) -> None:
    """Neither is on the command line."""
    path = tmp_path / "secret"
    path.write_text(f"{service.access['client-secret']}\n")
    path.chmod(0o600)
    manager = "--pass-manager=environment"
    mapped = "--environment-map-option=client-secret=MY_SECRET"
    out = ("client-secret",)
    service.env["O365_REFRESH_INTERVAL"] = "0"
    right = service.access["client-secret"]

    assert service.run(*DEVICES, f"--client-secret-file={path}", without=out).code == 0
    assert service.run(*DEVICES, manager, mapped, without=out, env={"MY_SECRET": right}).code == 0
    assert "--client-secret" in service.run(*DEVICES, manager, mapped, without=out).out
    assert "passwordmgr::keepass" in service.run(*DEVICES, "--pass-manager=keepass").out


def configuration(service: Service, path: Path, *names: str) -> str:
    """Write a configuration file with a table for each name."""
    access = service.access
    lines = [f'{key.replace("-", "_")} = "{access[key]}"' for key in access if "endpoint" in key]
    for name in names:
        lines += [
            f"[tenants.{name}]",
            f'tenant_id = "{access["tenant"]}"',
            f'client_id = "{access["client-id"]}"',
            f'client_secret = "{access["client-secret"]}"',
        ]
    path.write_text("\n".join(lines))
    path.chmod(0o600)
    return f"--config={path}"


def test_configuration_file_names_the_tenant(service: Service, tmp_path: Path) -> None:
    """One table needs no name, of several one is named, and who says all needs none."""
    one = configuration(service, tmp_path / "one.toml", "contoso")
    two = configuration(service, tmp_path / "two.toml", "contoso", "fabrikam")
    everything = tuple(service.access)

    assert service.run(*DEVICES, one, without=everything).code == 0
    assert service.run(*DEVICES, two, "--tenant=fabrikam", without=everything).code == 0
    assert service.run(*DEVICES, two).code == 0
    assert service.run(*DEVICES, two, without=everything).out == (
        "UNKNOWN: Need to specify --tenant option. \n"
    )
    assert "Need to specify --client-id option" in (
        service.run(*DEVICES, two, "--tenant=nosuch", without=everything).out
    )


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (("--insecure",), {}),
        (("--ssl-opt=SSL_verify_mode => SSL_VERIFY_NONE",), {}),
        (("--curl-opt=CURLOPT_SSL_VERIFYPEER => 0",), {}),
        (("--ca-file={CA}",), {}),
        (("--ssl-opt=SSL_ca_file => '{CA}'",), {}),
        ((), {"PERL_LWP_SSL_CA_FILE": "{CA}"}),
        ((), {"HTTPS_CA_FILE": "{CA}"}),
        (("--environment=O365_CA_FILE={CA}",), {}),
    ],
)
def test_certificates_are_trusted_as_told(
    service: Service, words: tuple[str, ...], env: dict[str, str]
) -> None:
    """By an option of ours, or by what the connector's users had to write."""
    ca_file = service.env.pop("O365_CA_FILE")
    words = tuple(word.replace("{CA}", ca_file) for word in words)
    env = {name: text.replace("{CA}", ca_file) for name, text in env.items()}

    other = {"O365_STATE_DIR": f"{service.lab.state}-other"}

    assert "TLS with" in service.run(*DEVICES, env=other).out
    assert service.run(*DEVICES, *words, env=env).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--proxyurl=socks5://127.0.0.1:1",), "Check --proxyurl: http://HOST:PORT"),
        (("--proxyurl=http://127.0.0.1:1",), "Check --proxyurl: http://HOST:PORT"),
        (("--graph-endpoint=https://127.0.0.1:1",), "127.0.0.1:1: the connection was refused."),
        (("--login-endpoint=https://nosuch.invalid",), "nosuch.invalid"),
        (("--ca-file=/nonexistent",), "Check --ca-file"),
    ],
)
def test_what_is_in_the_way_is_one_line_with_a_remedy(
    service: Service, words: tuple[str, ...], said: str
) -> None:
    """In the words of this command line, not of our settings."""
    out = tuple(word.removeprefix("--").partition("=")[0] for word in words)
    done = service.run(*DEVICES, *words, without=out)

    assert (done.code, done.err) == (3, "")
    assert said in done.out
    assert "O365_" not in done.out
    assert done.out.startswith("UNKNOWN: ")
    assert done.out.count("\n") == 1


NO_EFFECT = ("--memcached=x", "--http-backend=curl", "--failback-file", "--ssl=tlsv1")


def test_options_without_effect_are_noted_under_verbose_only(service: Service) -> None:
    """They break no service, and whoever looks is told."""
    plain = service.run(*DEVICES, *NO_EFFECT)
    noted = service.run(*DEVICES, *NO_EFFECT, "--verbose")

    assert (plain.code, plain.out.count("\n")) == (0, 1)
    assert noted.out.splitlines()[0] + "\n" == plain.out
    assert [line.partition(" has no effect: ")[0] for line in noted.out.splitlines()[1:]] == [
        word.partition("=")[0] for word in NO_EFFECT
    ]


LEAKS = ["401@token", "403@reports", "503@reports", "html", "token-7000222", "html-download"]
FORMS = ["--output-json", "--output-xml", "--output-openmetrics"]


@pytest.mark.parametrize(
    ("fault", "form"),
    [*((fault, "") for fault in ("", *LEAKS)), *(("401@token", form) for form in FORMS)],
)
def test_neither_secret_nor_token_is_ever_shown(make: Make, fault: str, form: str) -> None:
    """Whatever happens, however much is asked for."""
    service = make(faults=[fault] if fault else [])
    words = [form] if form else []
    done = service.run(*USERS, "--debug", "--verbose", "--show-password", *words)
    kept = "".join(path.read_text("utf-8") for path in service.lab.state.rglob("*.json"))

    for text in (done.out, done.err):
        assert service.access["client-secret"] not in text
        assert "simulated." not in text
    assert service.access["client-secret"] not in kept
    assert done.out


def test_a_refusal_says_more_under_verbose_and_again_from_what_is_kept(make: Make) -> None:
    """The connector's words first, ours below; the next check need not ask again for them."""
    service = make(faults=["token-7000222"])
    said = "UNKNOWN: Login endpoint API return error code 'invalid_client' "
    said += "(add --debug option for detailed message) \n"
    first = service.run(*DEVICES)
    asked = service.lab.kinds()
    again = service.run(*DEVICES, "--verbose")

    assert first == (3, said, "")
    assert again.out.startswith(f"{said}login refused: the client secret has expired")
    assert service.lab.kinds() == asked


def test_what_is_kept_answers_while_graph_is_away(service: Service) -> None:
    """The figures are judged, and the line says how old they are and why."""
    good = service.run(*DEVICES)
    service.lab.simulator.set_faults(["503@reports"])
    later = service.run(*DEVICES, env={"O365_REFRESH_INTERVAL": "0"})
    line, _, items = later.out.partition(" |")

    assert (later.code, items) == (0, good.out.partition(" |")[2])
    assert " - skype-devices-usage is stale" in line


@pytest.mark.parametrize(
    ("option", "code"), [("", 0), ("ok", 0), ("WARNING", 1), ("critical", 2), ("unknown", 3)]
)
def test_an_empty_report_has_the_state_that_is_chosen(make: Make, option: str, code: int) -> None:
    """It is OK with 0/0 as it always was, unless told otherwise."""
    service = make(oddities=["header-only"])
    done = service.run(*DEVICES, *([f"--empty-state={option}"] if option else []))

    assert done.code == code
    assert ("0/0 (0.00%)" in done.out) is (code == 0)


@pytest.mark.parametrize("word", ["--timeout=1", "--deadline=1", "--global-timeout=1"])
def test_answer_comes_within_the_time_limit(make: Make, word: str) -> None:
    """Every limit of the command line holds; the fetch goes on, and a later check has it."""
    service = make(latency=4)
    done = service.run(*DEVICES, word)
    service.lab.simulator.configure(latency=0)

    assert (done.code, done.out.startswith("UNKNOWN: the fetch takes longer")) == (3, True)
    assert service.run(*DEVICES).code == 0


def test_output_is_below_the_limit_and_says_what_is_left_out(make: Make) -> None:
    """Totals come first; with a form of its own nothing is cut."""
    service = make(users=400)
    done = service.run(*USERS, "--filter-counters=", "--verbose")
    answer = perfdata.read(done.out)
    whole = service.run(*USERS, "--filter-counters=", "--output-json")
    items = json.loads(whole.out)["plugin"]["perfdatas"]

    assert len(done.out.encode()) < 8192
    assert list(answer.items)[:2] == ["perfdate", "active_users"]
    assert f"{len(items) - len(answer.items)} values are left out" in done.out
    assert len(items) > 300


def test_names_of_users_cannot_break_the_line(make: Make) -> None:
    """What separates is replaced, whoever is called like that."""
    service = make(oddities=["hostile-names"])
    done = service.run(*USERS, "--filter-counters=", "--verbose")

    assert done.code == 0
    assert perfdata.read(done.out).items["perfdate"]


def test_teams_are_counted_by_the_same_command(service: Service) -> None:
    """Users one by one and by kind of activity."""
    done = service.run(f"--plugin={TEAMS}", "--mode=users-activity", "--filter-counters=")
    items = perfdata.read(done.out).items

    assert done.code == 0
    assert list(items)[1:6] == [
        "active_users",
        "total_team_chat",
        "total_private_chat",
        "total_call",
        "total_meeting",
    ]
    assert any(label.startswith("team_chat_") for label in items)


def test_other_forms_are_well_formed(service: Service) -> None:
    """JSON and XML hold the same figures; OpenMetrics the state as well."""
    line = service.run(*DEVICES, "--warning-windows=0")
    items = perfdata.read(line.out).items
    as_json = json.loads(service.run(*DEVICES, "--warning-windows=0", "--output-json").out)
    as_xml = ET.fromstring(service.run(*DEVICES, "--warning-windows=0", "--output-xml").out)
    metrics = service.run(*DEVICES, "--warning-windows=0", "--output-openmetrics").out

    assert [item["label"] for item in as_json["plugin"]["perfdatas"]] == list(items)
    assert [item.findtext("label") for item in as_xml.iter("perfdata")] == list(items)
    assert (line.code, as_json["plugin"]["exit"], as_xml.findtext("exit")) == (
        1,
        "WARNING",
        "WARNING",
    )
    assert metrics.splitlines()[-1].startswith("plugin.mode.status{")
    assert metrics.splitlines()[-1].split()[-2] == "1"


@pytest.mark.parametrize("form", FORMS)
def test_errors_have_the_form_that_was_asked_for(service: Service, form: str) -> None:
    """A reader of a form gets no line of text."""
    done = service.run(*DEVICES, form, without=("tenant",))

    assert (done.code, done.err) == (3, "")
    assert not done.out.startswith("UNKNOWN")


def test_output_goes_to_a_file_instead(service: Service, tmp_path: Path) -> None:
    """Nothing is printed; a file that cannot be opened is UNKNOWN and hides nothing."""
    path = tmp_path / "answer"
    done = service.run(*DEVICES, f"--output-file={path}")
    failed = service.run(*DEVICES, f"--output-file={tmp_path}/no/such")

    assert (done.code, done.out) == (0, "")
    assert path.read_text("utf-8") == failed.out.partition("\n")[2]
    assert failed.code == 3
    assert failed.out.startswith("UNKNOWN: cannot open file '")


LISTINGS: list[tuple[tuple[str, ...], int, str]] = [
    (("--list-plugin",), 3, f"   {TEAMS}"),
    ((DEVICES[0], "--list-mode"), 3, "   users-activity"),
    ((DEVICES[0], "--list-custommode"), 3, "   graphapi"),
    (("--help",), 3, "   --ca-file=...                CA certificates in PEM."),
    ((DEVICES[0], "--help"), 3, "   --ca-file=...                CA certificates in PEM."),
    ((*USERS, "--help"), 3, "   --warning-participated-conference"),
    ((DEVICES[0], "--version"), 3, "centreon_office365_skype_api of o365skype-bridge"),
]


@pytest.mark.parametrize(("words", "code", "last"), LISTINGS)
def test_listings_need_no_access_and_exit_as_always(
    service: Service, words: tuple[str, ...], code: int, last: str
) -> None:
    """Not with 0, so that nobody takes a listing for a check."""
    done = service.run(*words, without=tuple(service.access))

    assert done.code == code
    assert done.out.splitlines()[-1].startswith(last)


def test_counters_are_listed_with_the_macros_of_a_service(service: Service) -> None:
    """As JSON, which says how each is called in both spellings."""
    done = service.run(*USERS, "--list-counters")
    content = json.loads(done.out.partition("\n")[2])

    assert done.code == 0
    assert content["metrics"]["active-users"]["nlabel"] == "skype.users.active.count"
    assert (
        "--critical-active-users='$_SERVICECRITICALACTIVEUSERS$'" in (content["pack configuration"])
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--opt-exit=nosuch",), "Unknown value 'nosuch' for --opt-exit."),
        (("--explode-perfdata-max=x",), "Wrong explode-perfdata-max option 'x' (syntax: "),
        (("--empty-state=nosuch",), "Unknown value 'nosuch' for --empty-state."),
        (("--custommode=cli",), "mode 'cli' doesn't exist (use --list-custommode option"),
        (("--filter-perfdata=(",), "--filter-perfdata '(' is not a regular expression"),
        (("--filter-user=\\Ga",), "has '\\\\G', which there is in Perl only"),
        (("--mode=multi",), "mode 'multi' is not taken here. A check is one mode;"),
        (("--pass-manager=keepass",), "Cannot load module 'centreon::plugins::passwordmgr::keepa"),
        (("--max-age=x",), "--max-age 'x' is not a number of seconds. Give 0 or more."),
        (("--stale-state=x",), "--stale-state 'x' is no state"),
        (("--graph-endpoint=http://a",), "--graph-endpoint 'http://a' does not begin with https:"),
        (("--tenant=a\tb",), "--tenant holds a control character"),
        (("--unknown-windows=x",), "Wrong unknown-windows threshold 'x'."),
        (
            ("--use-new-perfdata", "--warning-windows=x"),
            "Wrong warning-skype-devices-windows-count threshold 'x'.",
        ),
        (("--dyn-mode=x", "--mode="), "mode 'x' doesn't exist"),
        (("--runas=no such user",), "Runas user 'no such user' not exist."),
    ],
)
def test_a_mistake_is_named(service: Service, words: tuple[str, ...], said: str) -> None:
    """In the connector's words where it has any."""
    given = tuple(word[2:].partition("=")[0] for word in words)
    done = service.run(*DEVICES, *words, without=given)

    assert done.code == 3
    assert done.out.startswith(f"UNKNOWN: {said}") or said in done.out


def test_errors_follow_the_exit_options(service: Service) -> None:
    """Word and code by --opt-exit, the code alone by --change-exit."""
    out = ("tenant",)

    assert service.run(*DEVICES, "--opt-exit=critical", without=out) == (
        2,
        "CRITICAL: Need to specify --tenant option. \n",
        "",
    )
    assert service.run(*DEVICES, "--change-exit=unknown=warning", without=out).code == 1
    assert service.run(*DEVICES, "--output-ignore-label", without=out).out == (
        "Need to specify --tenant option. \n"
    )


def test_unknown_options_are_taken_when_told_so(service: Service) -> None:
    """--no-sanity-options is the connector's way to say it."""
    assert service.run(*DEVICES, "--nosuch=1", "--no-sanity-options").code == 0


def test_a_mode_may_be_the_path_of_a_module(service: Service) -> None:
    """The connector's --dyn-mode."""
    module = "--dyn-mode=cloud::microsoft::office365::skype::mode::usersactivity"

    assert "Active users" in service.run(DEVICES[0], module).out


def test_evil_pattern_does_not_hold_the_answer_up(make: Make) -> None:
    """A pattern that would take for ever is given up at the time limit."""
    service = make(users=60)
    service.run(*USERS, "--filter-counters=")
    evil = "--filter-perfdata=^(([a-z@._0-9])+)+#$"
    done = service.run(*USERS, "--filter-counters=", evil, "--deadline=3")

    assert (done.code, "Use simpler patterns" in done.out) == (3, True)


def test_a_dead_source_is_unknown_with_its_reason_and_the_kept_perfdata(service: Service) -> None:
    """As with Perl, whose token ends; but the figures that are kept are still printed."""
    good = service.run(*DEVICES)
    service.lab.simulator.set_faults(["forbidden-flat"])
    dead = service.run(*DEVICES, env={"O365_REFRESH_INTERVAL": "0"})

    assert (dead.code, dead.out.partition("|")[2]) == (3, good.out.partition("|")[2])
    assert dead.out.startswith("UNKNOWN: skype-devices-usage is stale, ")
    assert "O365_" not in dead.out


@pytest.mark.parametrize(
    ("word", "code"),
    [("--stale-state=ok", 0), ("--stale-state=critical", 2), ("--max-age=1", 3)],
)
def test_what_a_dead_source_means_is_the_operators_choice(
    service: Service, word: str, code: int
) -> None:
    """With options that Centreon's connector does not have."""
    service.run(*DEVICES)
    service.lab.simulator.set_faults(["forbidden-flat"])
    done = service.run(*DEVICES, word, env={"O365_REFRESH_INTERVAL": "0"})

    assert done.code == code


@pytest.mark.parametrize("name", ["age", "confirmed"])
@pytest.mark.parametrize(("severity", "code"), [("warning", 1), ("critical", 2)])
def test_times_have_thresholds(service: Service, name: str, severity: str, code: int) -> None:
    """The age of the data, and the time since Graph confirmed them, as in check."""
    done = service.run(*DEVICES, f"--{severity}-{name}=9999999:")

    assert done.code == code
    assert f"'{name}'=" in done.out


def test_a_state_that_is_none_is_refused(service: Service) -> None:
    """Before anything is asked."""
    done = service.run(*DEVICES, "--stale-state=green")

    assert (done.code, done.out.partition(".")[0]) == (
        3,
        "UNKNOWN: --stale-state 'green' is no state",
    )


def both(service: Service) -> tuple[str, int]:
    """Give the users of Windows by the drop-in's line and by our own command."""
    hosts = {"O365_DOWNLOAD_HOSTS": service.lab.env["O365_DOWNLOAD_HOSTS"]}
    found = re.search(r"Windows: (\d+)", service.run(*DEVICES, env=hosts).out)
    words = ("collect", "--output", "json", "--report", "skype-devices-usage")
    [result] = json.loads(service.lab.run(*words).stdout)["results"]
    values = [one["value"] for one in result["samples"] if one["labels"] == {"device": "windows"}]
    return found[1] if found else "", values[0] if values else -1


def test_what_is_clear_is_fetched_once_for_all_commands(service: Service) -> None:
    """Whoever asks first; there is one way only to read it."""
    line, value = both(service)

    assert (line, service.lab.reports_asked().count("D7")) == (str(value), 1)


def test_what_the_connector_reads_otherwise_is_kept_apart(make: Make) -> None:
    """A true is none of its yeses, as recorded; our other commands know better."""
    made = make(oddities=["true-false"])
    first = both(made)

    assert (first[0], first[1] > 0) == ("0", True)
    assert both(made) == first


def test_a_date_that_has_not_come_is_shown_and_not_kept(make: Make) -> None:
    """As recorded; nothing that is kept is replaced by it, and nobody else is shown it."""
    made = make(today=datetime.now(UTC).date() + timedelta(days=4000))
    said = made.run(*DEVICES).out
    good = [name for name in made.lab.report_files() if name.startswith("skype-devices-usage")]

    assert said.startswith(f"OK: Active devices on {made.lab.simulator.refresh_date()} : ")
    assert [name for name in good if name.endswith((".json", ".csv"))] == []


def test_groups_and_periods_are_not_for_the_drop_in(service: Service, tmp_path: Path) -> None:
    """It answers as Centreon's connector does, whatever our own commands are told."""
    groups = tmp_path / "groups.csv"
    groups.write_text("upn,group\n" + "".join(f"user{number}@x,Sales\n" for number in range(9)))
    plain = service.run(*DEVICES)
    told = service.run(*DEVICES, env={"O365_GROUPS": str(groups), "O365_PERIOD": "D30"})

    assert (told.out, told.code) == (plain.out, plain.code)
