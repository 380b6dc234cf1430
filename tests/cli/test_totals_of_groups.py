"""Totals of groups of users: by flag, environment and file, in every command and output."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Lab, MakeLab
from readers import line_protocol, perfdata

from o365skype_bridge.engine.assemble import NO_GROUPS

USERS = ("--report", "skype-users-activity")
TOTAL = "skype.users.sessions.p2p.total.count"
ACTIVE = "skype.users.active.count"

Figures = dict[str, dict[str, float]]


def names(lab: Lab) -> list[str]:
    """Give the users of the period, by name."""
    lab.run("refresh", *USERS)
    [path] = lab.state.rglob("skype-users-activity.D7.*.csv")
    with path.open(encoding="utf-8-sig") as file:
        return sorted(row["User Principal Name"] for row in csv.DictReader(file))


def grouped(lab: Lab, tmp_path: Path, size: int = 5) -> str:
    """Write a file with groups of so many users each, and one of two."""
    users = names(lab)
    groups = {user: f"Group {number // size}" for number, user in enumerate(users[:-5])}
    groups |= dict.fromkeys(users[-5:-3], "Few")
    path = tmp_path / "groups.csv"
    path.write_text("upn,group\n" + "".join(f"{user},{one}\n" for user, one in groups.items()))
    return str(path)


def documents(lab: Lab, *words: str, **env: str) -> list[dict[str, Any]]:
    """Give the results of a run."""
    done = lab.run("collect", "--output", "json", *words, **env)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return found


def figures(result: dict[str, Any]) -> Figures:
    """Give the figures by group, blank for everybody, and by name."""
    found: Figures = {}
    for sample in result["samples"]:
        if "user" not in sample["labels"]:
            group = sample["labels"].get("group", "")
            found.setdefault(group, {})[sample["metric"]] = sample["value"]
    return found


def sums(found: Figures) -> dict[str, float]:
    """Add up the groups."""
    return {name: sum(found[group][name] for group in found if group) for name in found[""]}


def failure(done: subprocess.CompletedProcess[str]) -> str:
    """Give the complaint of a run that failed and printed no figure."""
    assert (done.returncode, done.stdout) == (3, "")
    return done.stderr


@pytest.mark.parametrize("words", [(), ("--period", "D30"), ("--filter-user", "^[a-n]")])
def test_groups_add_up_to_everybody(lab: Lab, tmp_path: Path, words: tuple[str, ...]) -> None:
    """With those who are in none, over any period, of those whom a filter finds."""
    file = grouped(lab, tmp_path)
    for result in documents(lab, "--groups", file, *words):
        found = figures(result)

        assert list(found) == ["", "Group 0", "Group 1", "Group 2", "other"]
        assert found[""] == sums(found)


def test_groups_add_up_to_everybodys_maximum(lab: Lab, tmp_path: Path) -> None:
    """The seven days of each group, too."""
    [result] = documents(lab, *USERS, "--groups", grouped(lab, tmp_path))
    most = {
        sample["labels"].get("group", ""): sample["max"]
        for sample in result["samples"]
        if sample["metric"] == ACTIVE
    }

    assert most == {"": 20, "Group 0": 5, "Group 1": 5, "Group 2": 5, "other": 5}


def test_totals_are_what_they_are_without_groups(lab: Lab, tmp_path: Path) -> None:
    """Groups come besides, and nothing else changes."""
    file = grouped(lab, tmp_path)
    [plain], [result] = (documents(lab, *USERS, *more) for more in ((), ("--groups", file)))
    samples = [sample for sample in result["samples"] if "group" not in sample["labels"]]

    assert samples == [sample for sample in plain["samples"] if sample["day"] == samples[0]["day"]]


def test_minimum_decides_who_is_other(lab: Lab, tmp_path: Path) -> None:
    """Of the flag, or of the environment."""
    file = grouped(lab, tmp_path)
    [two] = documents(lab, *USERS, "--groups", file, "--group-minimum", "2")
    [six] = documents(lab, *USERS, O365_GROUPS=file, O365_GROUP_MINIMUM="6")

    assert list(figures(two)) == ["", "Few", "Group 0", "Group 1", "Group 2", "other"]
    assert list(figures(six)) == ["", "other"]


@pytest.mark.parametrize("table", [False, True])
def test_file_of_the_configuration_is_the_tenants(lab: Lab, tmp_path: Path, *, table: bool) -> None:
    """For all tenants, or for one."""
    line = f"groups = {json.dumps(grouped(lab, tmp_path))}\ngroup_minimum = 5\n"
    config = tmp_path / "config.toml"
    config.write_text(f"[tenants.contoso]\n{line}" if table else line)
    [result] = documents(lab, *USERS, "--config", str(config))

    assert list(figures(result)) == ["", "Group 0", "Group 1", "Group 2", "other"]


def test_tenants_have_groups_of_their_own(lab: Lab, tmp_path: Path) -> None:
    """One file is not another's."""
    config = tmp_path / "config.toml"
    ids = {name: lab.env.pop(f"O365_{name.upper()}") for name in ("tenant_id", "client_id")}
    secret = {"client_secret": lab.env.pop("O365_CLIENT_SECRET")}
    tenant = "".join(f"{key} = {json.dumps(value)}\n" for key, value in (ids | secret).items())
    lab.env["O365_DEADLINE"] = "30"
    files = {name: tmp_path / f"{name}.csv" for name in ("a", "b")}
    for name, path in files.items():
        path.write_text("upn,group\n" + "".join(f"nobody{i}@x,{name}\n" for i in range(5)))
    config.write_text(
        "".join(
            f"[tenants.{name}]\n{tenant}groups = {json.dumps(str(path))}\n"
            for name, path in files.items()
        )
        + f"[tenants.none]\n{tenant}"
    )
    config.chmod(0o600)
    found = documents(lab, *USERS, "--config", str(config))
    notes = {result["tenant"]: " ".join(result["notes"]) for result in found}

    assert [bool(notes[name]) for name in ("a", "b", "none")] == [True, True, False]


def test_nothing_is_asked_for_groups(lab: Lab, tmp_path: Path) -> None:
    """What is kept has them."""
    file = grouped(lab, tmp_path)
    asked = len(lab.simulator.calls)
    documents(lab, *USERS, "--groups", file)

    assert len(lab.simulator.calls) == asked


def test_another_file_is_noticed(lab: Lab, tmp_path: Path) -> None:
    """And so is another minimum or filter; what was counted before is no answer then."""
    file = grouped(lab, tmp_path)
    words = (*USERS, "--groups", file)
    first = documents(lab, *words)
    again = documents(lab, *words)
    [some] = documents(lab, *words, "--filter-user", "^a")
    Path(file).write_text(Path(file).read_text().replace("Group 1", "Renamed"))
    [other] = documents(lab, *words)

    assert first[0]["samples"] == again[0]["samples"]
    assert figures(some)[""] != figures(first[0])[""]
    assert list(figures(other)) == ["", "Group 0", "Group 2", "Renamed", "other"]


def test_counted_figures_are_kept(lab: Lab, tmp_path: Path) -> None:
    """The second answer reads neither the groups' file nor the report."""
    words = ("collect", *USERS, "--output", "json", "--groups", grouped(lab, tmp_path))
    lab.run(*words)
    done = lab.python(
        "import sys; from o365skype_bridge.reading import groups, table;"
        "groups.Groups.read = table.Table.__init__ = None;"
        f"from o365skype_bridge.cli.entry import main; main({list(words)!r})"
    )
    [result] = json.loads(done.stdout)["results"]

    assert list(figures(result)) == ["", "Group 0", "Group 1", "Group 2", "other"]


def test_damaged_figures_are_counted_again(lab: Lab, tmp_path: Path) -> None:
    """As everything that is kept."""
    words = (*USERS, "--groups", grouped(lab, tmp_path))
    first = documents(lab, *words)
    [path] = lab.state.rglob("*.groups.json")
    path.write_bytes(b"damaged")

    assert first[0]["samples"] == documents(lab, *words)[0]["samples"]


def test_concealed_names_have_no_groups(make_lab: MakeLab, tmp_path: Path) -> None:
    """Nobody knows who is in which; that a group is 0 would be wrong."""
    lab = make_lab(users=20, oddities=["concealed"])
    path = tmp_path / "groups.csv"
    path.write_text("upn,group\n" + "".join(f"user{number}@x,Sales\n" for number in range(9)))
    [result] = documents(lab, *USERS, "--groups", str(path))

    assert list(figures(result)) == [""]
    assert result["notes"][-1] == "Groups cannot be told apart while user names are concealed."


def test_file_of_strangers_tells_no_groups_apart(lab: Lab, tmp_path: Path) -> None:
    """A wrong domain in it must not look like a company that sleeps."""
    path = tmp_path / "groups.csv"
    path.write_text("upn,group\n" + "".join(f"user{number}@x,Sales\n" for number in range(9)))
    [result] = documents(lab, *USERS, "--groups", str(path))

    assert list(figures(result)) == [""]
    assert result["notes"] == [NO_GROUPS]


def test_influx_has_a_tag(lab: Lab, tmp_path: Path) -> None:
    """Beside those that the figure has anyway."""
    done = lab.run("collect", "--groups", grouped(lab, tmp_path), "--report", "skype-devices-usage")
    points = line_protocol.read(done.stdout)
    found = {(point.tags.get("group"), point.tags.get("device")) for point in points}
    kinds = {None, "windows", "ipad", "iphone", "android", "windowsphone"}

    assert {kind for group, kind in found if group == "Group 0"} == kinds
    assert {group for group, _ in found} == {None, "Group 0", "Group 1", "Group 2", "other"}


def test_zabbix_discovers_groups(lab: Lab, tmp_path: Path) -> None:
    """Under ids, with the same names of figures."""
    words = ("--output", "zabbix", *USERS, "--groups", grouped(lab, tmp_path))
    document = json.loads(lab.run("collect", *words).stdout)
    rows = {row["name"]: row["id"] for row in document["discovery"]["groups"]}

    assert list(rows) == ["Group 0", "Group 1", "Group 2", "other"]
    assert set(document["group"]) == set(rows.values())
    assert set(document["group"][rows["other"]]) == set(document["metric"])


def test_status_line_says_no_more_of_groups_that_are_fine(lab: Lab, tmp_path: Path) -> None:
    """Perfdata has all of them."""
    file = grouped(lab, tmp_path)
    plain, done = (
        lab.run("check", "skype-users-activity", *more) for more in ((), ("--groups", file))
    )
    items = perfdata.read(done.stdout).items

    assert plain.stdout.partition("|")[0] == done.stdout.partition("|")[0]
    assert {f"Group {number}#{ACTIVE}" for number in range(3)} < set(items)
    assert f"other#{TOTAL}" in items


def test_status_line_names_a_group_that_is_wrong(lab: Lab, tmp_path: Path) -> None:
    """By the same threshold as everybody, and no other group."""
    words = ("--groups", grouped(lab, tmp_path))
    [result] = documents(lab, *USERS, *words)
    active = {group: found[ACTIVE] for group, found in figures(result).items()}
    most = max(value for group, value in active.items() if group)
    limit = ("--units", "count", "--critical-active-users", f"0:{most - 1}")
    done = lab.run("check", "skype-users-activity", *words, *limit)
    said = {group for group in active if f"Group '{group}': Active users" in done.stdout}

    assert done.returncode == 2
    assert said == {group for group, value in active.items() if group and value == most}


def test_history_has_groups(lab: Lab, tmp_path: Path) -> None:
    """Of the days before, as far as their files tell."""
    done = lab.run("backfill", "--days", "3", *USERS, "--groups", grouped(lab, tmp_path))
    found = [point.tags.get("group") for point in line_protocol.read(done.stdout)]

    assert done.returncode == 0, done.stderr
    assert set(found) == {None, "Group 0", "Group 1", "Group 2", "other"}


def test_folder_has_groups(lab: Lab, tmp_path: Path) -> None:
    """Saved files tell them, too."""
    file = grouped(lab, tmp_path)
    folder = tmp_path / "saved"
    folder.mkdir()
    for path in lab.state.rglob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    [kept] = documents(lab, *USERS, "--groups", file)
    plain = {name: text for name, text in lab.env.items() if not name.startswith("O365")}
    lab.env.clear()
    lab.env.update(plain, O365_GROUPS=file)
    [read] = documents(lab, *USERS, "--from-folder", str(folder))

    assert figures(read) == figures(kept)


def test_process_that_stays_follows_the_file(lab: Lab, tmp_path: Path) -> None:
    """What is wrong with a newer one is said, and the former one stays in force."""
    file = grouped(lab, tmp_path)
    process = subprocess.Popen(
        [
            Path(lab.python("import sys; print(sys.executable)").stdout.strip()).with_name(
                "o365skype-bridge"
            ),
            "execd",
            *USERS,
            "--groups",
            file,
        ],
        env=lab.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def answer() -> set[str]:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        found = set()
        while not (line := process.stdout.readline()).startswith("o365_bridge,"):  # type: ignore[union-attr]
            found |= {point.tags.get("group", "") for point in line_protocol.read(line)}
        return found

    first = answer()
    Path(file).write_text(Path(file).read_text().replace("Group 1", "Renamed"))
    second = answer()
    Path(file).write_text("no such columns\n")
    third = answer()
    _, said = process.communicate(timeout=30)

    assert first == {"", "Group 0", "Group 1", "Group 2", "other"}
    assert second == third == {"", "Group 0", "Group 2", "Renamed", "other"}
    assert "cannot be used: its first row has the column upn not" in said
    assert "The former configuration stays in force." in said


@pytest.mark.parametrize("words", [("collect", *USERS), ("backfill", *USERS, "--days", "1")])
def test_file_that_is_no_such_one_is_3_and_no_figure(
    lab: Lab, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Never silently no groups; nothing is asked of Graph, either."""
    path = tmp_path / "groups.csv"
    path.write_text("name,group\n")
    said = failure(lab.run(*words, "--groups", str(path)))

    assert said.startswith(f"E! the groups file {str(path)!a} cannot be used: its first row")
    assert lab.kinds() == []


def test_bad_file_is_a_failure_for_zabbix(lab: Lab, tmp_path: Path) -> None:
    """Which has a trigger for it; stderr would be taken for a value."""
    grouped(lab, tmp_path)
    done = lab.run("collect", "--output", "zabbix", "--groups", str(tmp_path / "none.csv"))
    document = json.loads(done.stdout)

    assert (document["status"], done.stderr) == ("failed", "")
    assert "cannot be used: No such file or directory" in document["error"]


def test_file_that_went_bad_is_noticed_beside_kept_figures(lab: Lab, tmp_path: Path) -> None:
    """Fresh figures are no reason to go on without groups."""
    file = grouped(lab, tmp_path)
    documents(lab, *USERS, "--groups", file)
    Path(file).write_text("upn,group\nx\n")
    done = lab.run("check", "skype-users-activity", "--groups", file)

    assert done.returncode == 3
    assert "row 2 has 1 cells instead of 2" in done.stdout


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "9" * 30])
def test_minimum_is_a_number_of_members(lab: Lab, text: str) -> None:
    """It is refused by its name."""
    said = failure(lab.run("collect", *USERS, "--group-minimum", text))

    assert f"group minimum {text[:20]!a} is not a number of members" in said


def test_file_that_others_can_change_is_warned_of(lab: Lab, tmp_path: Path) -> None:
    """They could make any group look idle; the figures are there all the same."""
    file = grouped(lab, tmp_path)
    Path(file).chmod(0o666)
    done = lab.run("collect", *USERS, "--groups", file)

    assert done.returncode == 0
    assert done.stderr == (
        f"W! other users can change the groups file {file}: run chmod go-w on it\n"
    )
