"""How many users are shown, and under which names: caps and pseudonyms, whatever names hold."""

from __future__ import annotations

import csv
import hmac
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from catalogue import CATALOGUE
from conftest import Lab, MakeLab
from hypothesis import given
from hypothesis import strategies as st
from readers import line_protocol, making
from readers.names import NAMES

from o365skype_bridge import outputs
from o365skype_bridge.engine import people
from o365skype_bridge.engine.people import Selection
from o365skype_bridge.errors import MalformedError, UsageError
from o365skype_bridge.execd.configuration import Configuration
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import ReportResult
from o365skype_bridge.settings.values import Settings

KEY = b"a long random key"
FIGURES = {
    "ann@contoso.example": (1, 0, 0),
    "bob@contoso.example": (5, 1, 1),
    "cyd@contoso.example": (0, 0, 4),
    "dan@contoso.example": (2, 3, 0),
}
PSEUDONYM = re.compile(r"user-[0-9a-f]{16}")
ACTIVITY = ("--report", "skype-users-activity", "--per-user")


def shown(
    users: Mapping[str, making.Figures], most: int | None = None, key: bytes = b""
) -> ReportResult:
    """Give a good result of these users as it is shown."""
    [result] = people.Showing(most, key).of(making.collection(making.activity(users))).results
    return result


def users_of(result: ReportResult) -> dict[str, tuple[float | str, ...]]:
    """Give the figures by user."""
    found: dict[str, tuple[float | str, ...]] = {}
    for sample in result.samples:
        if sample.metric.per_user:
            found[sample.user] = (*found.get(sample.user, ()), sample.value)
    return found


def pseudonym(user: str, key: bytes = KEY) -> str:
    """Work out a pseudonym in another way than the package does."""
    made = hmac.new(key, user.encode("utf-8", "surrogatepass"), "sha256").hexdigest()
    return f"user-{made[:16]}"


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    """Give a file with a key that nobody else can read."""
    path = tmp_path / "key"
    path.write_bytes(KEY + b"\n")
    path.chmod(0o600)
    return str(path)


# How many.


def test_busiest_users_are_shown_and_the_others_summed() -> None:
    """Activity is the sum of a user's figures; the sum of the others comes first."""
    assert users_of(shown(FIGURES, 2)) == {
        "other": (1, 0, 4),
        "bob@contoso.example": (5, 1, 1),
        "dan@contoso.example": (2, 3, 0),
    }


@pytest.mark.parametrize("most", [4, 5, None])
def test_nobody_is_summed_when_all_are_shown(most: int | None) -> None:
    """With room for everybody there are no others."""
    assert users_of(shown(FIGURES, most)) == FIGURES


def test_zero_sums_everybody() -> None:
    """With room for nobody there are only the others."""
    assert users_of(shown(FIGURES, 0)) == {"other": (8, 4, 5)}


def test_totals_do_not_change() -> None:
    """What is not about single users stays as it is."""
    totals = making.activity().samples

    assert shown(FIGURES, 1, KEY).samples[: len(totals)] == totals


def test_user_called_other_is_among_the_others() -> None:
    """Nobody is taken for the sum, and the sum for nobody."""
    found = users_of(shown({**FIGURES, "other": (90, 9, 9)}, 2))

    assert found == {
        "other": (91, 9, 13),
        "bob@contoso.example": (5, 1, 1),
        "dan@contoso.example": (2, 3, 0),
    }


def test_user_called_other_stays_when_there_are_no_others() -> None:
    """As long as all are shown the name is a name."""
    assert users_of(shown({"other": (9, 9, 9)}, 1)) == {"other": (9, 9, 9)}


def test_user_who_looks_like_the_sum_is_told_apart() -> None:
    """In line protocol a name that only a control character tells from the sum gets a number."""
    result = shown({"other\n": (9, 9, 9), "b": (1, 1, 1), "c": (1, 1, 1)}, 1)
    points = line_protocol.read(making.render("influx", result).text)
    found = [(point.tags["user"], point.fields["sessions_p2p"]) for point in points[1:3]]

    assert found == [("other", 2), ("other (2)", 9)]


@given(st.dictionaries(NAMES, st.tuples(*[st.integers(0, 1000)] * 3)), st.integers(0, 5))
def test_nothing_is_lost_or_counted_twice(users: dict[str, making.Figures], most: int) -> None:
    """Whatever the names, the figures of all lines sum up to those of all users."""
    for key in (b"", KEY):
        found = users_of(shown(users, most, key))

        assert len(found) <= most + 1
        assert [sum(column) for column in zip(*found.values(), strict=True)] == [
            sum(column) for column in zip(*users.values(), strict=True)
        ]


def test_zabbix_counts_who_is_left_out() -> None:
    """The others are no user of a Zabbix host; the document says how many they are."""
    document = json.loads(making.render("zabbix", shown(FIGURES, 1)).text)

    assert [row["name"] for row in document["discovery"]["users"]] == ["bob@contoso.example"]
    assert document["users_left_out"] == 3


def test_zabbix_document_without_any_user_says_how_many_there_are() -> None:
    """Also when nobody is shown."""
    document = json.loads(making.render("zabbix", shown(FIGURES, 0)).text)

    assert ("user" in document, document["users_left_out"]) == (False, 4)


def test_json_says_of_how_many_users_a_sum_is() -> None:
    """The others' samples hold their number."""
    [result] = json.loads(making.render("json", shown(FIGURES, 1)).text)["results"]
    numbers = [(one["labels"]["user"], one.get("users")) for one in result["samples"][-6:]]

    assert numbers == [("other", 3)] * 3 + [("bob@contoso.example", None)] * 3


def test_check_does_not_judge_a_sum_as_a_user() -> None:
    """Thresholds of a user are compared with users, and a line says who is left out."""
    rendered = making.render(
        "centreon", shown(FIGURES, 1), critical_peer_to_peer_sessions="5", units="%"
    )

    assert rendered.exit_code == 0
    assert rendered.text.endswith("\n3 users are left out by --max-users\n")
    assert "other" not in rendered.text


def test_check_without_any_user_says_nothing_of_users() -> None:
    """When nobody is shown there is nobody who is well."""
    text = making.render("centreon", shown(FIGURES, 0)).text
    without = making.render("centreon", making.activity()).text

    assert text == f"{without}4 users are left out by --max-users\n"


@pytest.mark.parametrize("number", ["-1", "1.5", "many", "1e3", "٣", "9" * 30, "+1", " 1"])
def test_what_is_no_number_of_users_is_refused(number: str) -> None:
    """The option is named, and only what is a plain number is taken."""
    with pytest.raises(UsageError, match="--max-users"):
        Selection.of(number, "")


# Under which names.


def test_pseudonym_is_a_keyed_hash_of_the_name() -> None:
    """HMAC-SHA256 over the name as it is in the report: anybody with the key can work it out."""
    assert users_of(shown(FIGURES, key=KEY)) == {
        pseudonym(user): figures for user, figures in FIGURES.items()
    }


def test_pseudonyms_say_nothing_by_their_order() -> None:
    """Users are ordered by their pseudonyms, not by their names."""
    found = list(users_of(shown(FIGURES, key=KEY)))

    assert found == sorted(found)


def test_another_key_makes_other_pseudonyms() -> None:
    """What two keys make has nothing in common."""
    one, two = (set(users_of(shown(FIGURES, key=key))) for key in (KEY, b"another"))

    assert one & two == set()


def test_samples_of_one_name_are_summed() -> None:
    """Whoever comes to the same name is one line with the sum of their figures."""
    result = making.activity(FIGURES)
    twice = result.replace(samples=(*result.samples, *result.newest[-3:]))
    [once] = people.Showing(None, KEY).of(making.collection(twice)).results

    assert users_of(once)[pseudonym("dan@contoso.example")] == (4, 6, 0)


def test_key_is_read_without_its_line_end(key_file: str) -> None:
    """A key written by an editor or by `echo` is the same key."""
    showing = Selection(key_file=key_file).showing()

    assert (showing._key, showing.warnings) == (KEY, ())


def test_exposed_key_is_warned_of(key_file: str) -> None:
    """A key that others can read hides nobody from them."""
    Path(key_file).chmod(0o644)
    showing = Selection(key_file=key_file).showing()

    assert showing.warnings == (
        f"other users can read the pseudonym key file {key_file}: run chmod 600 on it",
    )


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read: No such file"), (b"\n", "is empty")]
)
def test_unusable_key_is_refused_by_name(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Without a key there are no pseudonyms, and then there is no answer with names either."""
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="the pseudonym key file") as error:
        Selection(key_file=str(path)).showing()

    assert said in str(error.value)


@pytest.mark.parametrize(
    "message",
    [
        "column 'Sessions' holds 'ann@contoso.example', not a number",
        "a.csv: column 'Sessions' holds \"ann's, not a number\", not a number",
        "the report's refresh date is 'ann@contoso.example', not a date like 2026-11-20",
        "'Report Period' is 'ann@contoso.example'; 1 was asked for",
    ],
)
def test_complaint_shows_no_cell(message: str) -> None:
    """What stands in the wrong column of a broken report may be a name."""
    outcome = Outcome(kind="malformed", message=message)
    result = making.activity(outcome=outcome)
    [hidden] = people.Showing(None, KEY).of(making.collection(result)).results

    assert "something else" in hidden.outcome.message
    assert "ann" not in hidden.outcome.message


def test_work_is_done_once_for_the_same_samples() -> None:
    """In a process that stays, samples that are still the same are not worked on again."""
    showing, collection = people.Showing(2, KEY), making.collection(making.activity(FIGURES))
    first, second = showing.of(collection), showing.of(collection)

    assert first.results[0].samples is second.results[0].samples


# All the way.


def names_in(folder: Path) -> set[str]:
    """Give the names that the kept reports hold."""
    text = "".join(path.read_text("utf-8-sig") for path in folder.rglob("*.csv"))
    return set(re.findall(r"[\w.+-]+@[\w.-]+", text))


@pytest.mark.parametrize("output", outputs.OUTPUTS)
@pytest.mark.parametrize("oddity", ["odd-names", "hostile-names", "quoted-fields", "short-row"])
def test_no_name_leaks(make_lab: MakeLab, key_file: str, output: str, oddity: str) -> None:
    """With pseudonyms no output shows a name, cold or warm, nor does stderr."""
    lab = make_lab(users=20, activity=1.0, oddities=[oddity])
    words = ("collect", *ACTIVITY, "--output", output, "--pseudonymize", key_file)
    cold, warm = lab.run(*words, "--verbose"), lab.run(*words, "--verbose")
    names = names_in(lab.state)
    said = cold.stdout + cold.stderr + warm.stdout + warm.stderr

    assert [name for name in names if name in said] == []
    assert len(names) > 5 or oddity == "short-row"
    assert len(set(PSEUDONYM.findall(said))) > 5 or oddity == "short-row" or output == "zabbix"


def test_name_in_the_wrong_column_does_not_leak(lab: Lab, key_file: str, tmp_path: Path) -> None:
    """A report whose columns are mixed up is malformed, and shows nobody."""
    folder = tmp_path / "reports"
    folder.mkdir()
    golden = Path(__file__).parent.parent / "golden" / "typical-day" / "input"
    for path in golden.iterdir():
        header, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
        name, last = header.index("User Principal Name"), len(header) - 2
        for row in rows if "Used Windows" not in header else ():
            row[name], row[last] = row[last], row[name]
            row[header.index("Total Peer-to-peer Session Count")] = row[last]
        lines = (",".join(row) for row in (header, *rows))
        (folder / path.name).write_text("\n".join(lines), "utf-8")
    words = ("collect", "--from-folder", str(folder), "--output", "json")
    plain = lab.run(*words)
    hidden = lab.run(*words, "--pseudonymize", key_file)

    assert "@" in plain.stdout
    assert "@" not in hidden.stdout + hidden.stderr


def test_pseudonyms_stay_the_same(lab: Lab, key_file: str) -> None:
    """A user has the same pseudonym in every run, output and command."""
    words = (*ACTIVITY, "--pseudonymize", key_file)
    first = set(PSEUDONYM.findall(lab.run("collect", *words).stdout))
    check = lab.run("check", words[1], *words[2:], "--use-new-perfdata")
    document = lab.run("collect", *words, "--output", "zabbix")

    assert len(first) > 2
    assert set(PSEUDONYM.findall(check.stdout)) == first
    assert set(PSEUDONYM.findall(document.stdout)) == first


def test_unusable_key_is_3_and_no_data(lab: Lab) -> None:
    """Whoever asked for pseudonyms gets no names because the key is missing."""
    done = lab.run("collect", *ACTIVITY, "--pseudonymize", "/nonexistent/key")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("E! the pseudonym key file '/nonexistent/key' cannot be read")


def test_process_that_stays_follows_its_key(key_file: str) -> None:
    """A new key makes new pseudonyms; one that cannot be used leaves the old one in force."""
    configuration = Configuration(
        "",
        lambda: Settings(tenants=(), state_dir=""),
        Selection(most=1, key_file=key_file),
        lambda _: CATALOGUE,
        lambda _settings, _reports: {},
    )
    found = []
    for content in (None, b"another key", b"", b"a third one"):
        if content is not None:
            Path(key_file).write_bytes(content)
        configuration.renew()
        assert configuration.showing is not None
        found.append((configuration.showing._key, bool(configuration.problem)))

    assert found == [
        (KEY, False),
        (b"another key", False),
        (b"another key", True),
        (b"a third one", False),
    ]


def test_max_users_of_the_command_line(lab: Lab) -> None:
    """One user and the sum of the others are two lines, and the totals are as ever."""
    every = lab.run("collect", *ACTIVITY).stdout.splitlines()
    two = lab.run("collect", *ACTIVITY, "--max-users", "1").stdout.splitlines()

    users = [line.split()[0].partition(",user=")[2] for line in two if ",user=" in line]

    assert (len(users), users[0]) == (2, "other")
    assert two[0] == every[0]


def test_nothing_wrong_is_said_of_malformed_errors() -> None:
    """The complaint that the pattern above is about is one that is made."""
    error = MalformedError("column 'a' holds 'b', not a number")

    assert people.CELL.search(str(error))
