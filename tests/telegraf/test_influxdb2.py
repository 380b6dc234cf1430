"""InfluxDB 2 for real: the dashboards' Flux, tasks that alert and recover, and a loaded history."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import alerting
import influxdb_servers
import panels
import pytest
import waiting
from catalogue import CATALOGUE
from conftest import Lab, MakeLab
from influxdb_servers import Bucket, Row, Server, needs_influxdb2
from installed import run
from real_telegraf import (
    ROOT,
    Agent,
    environment,
    generated,
    needs_telegraf,
    problems,
    read,
    script,
)

from o365skype_bridge.generate import influxdb
from o365skype_bridge.model.declare import Report
from o365skype_bridge.model.options import defaults
from o365skype_bridge.reports import chosen

pytestmark = [needs_telegraf, needs_influxdb2]

KEPT = json.loads(panels.KEPT.read_text(encoding="utf-8"))
OF_TABLES = ("_start", "_stop")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run an InfluxDB 2 for all tests here."""
    with influxdb_servers.influxdb2(tmp_path_factory.mktemp("influxdb2")) as running:
        yield running


@pytest.fixture
def bucket(server: Server) -> Iterator[Bucket]:
    made = server.bucket()
    yield made
    made.end_tasks()


@pytest.fixture(scope="module")
def filled(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    """Have a real Telegraf write the days that the README shows."""
    folder = tmp_path_factory.mktemp("filled")
    made = server.bucket()
    (folder / "answer").write_text(panels.lines(), encoding="utf-8")
    command = script(folder / "bridge", f"exec cat {shlex.quote(str(folder / 'answer'))}")
    done = Agent(folder / "telegraf", extra=made.output).once(generated("", command=command))
    assert problems(done.stderr) == []
    return made


def rows(answer: Iterable[Row]) -> list[panels.Row]:
    """Give what a query gave, times and labels first, without what is empty."""
    return [
        {
            ("time" if name == "_time" else name): value
            for name, value in row.items()
            if value != "" and name not in OF_TABLES
        }
        for row in answer
    ]


def answered(
    bucket: Bucket, panel: panels.Shown, times: tuple[str, str] = (panels.FROM, panels.TO)
) -> list[panels.Row]:
    return panels.joined(
        rows(bucket.ask(panels.put_in(target["query"], bucket=bucket.name, times=times)))
        for target in panel.targets
    )


def as_text(found: Iterable[panels.Row]) -> list[panels.Row]:
    """Write values as CSV does, in the order of their names."""
    return [
        {
            name: str(row[name]).lower() if isinstance(row[name], bool) else str(row[name])
            for name in sorted(row)
            if row[name] is not None
        }
        for row in found
    ]


@pytest.mark.parametrize(
    "number", range(len(KEPT)), ids=[f"{each['dashboard']}: {each['title']}" for each in KEPT]
)
def test_panel_in_flux_shows_what_influxql_does(filled: Bucket, number: int) -> None:
    """Every panel has the same figures, at the same times, under the same names."""
    kept, panel = KEPT[number], list(panels.panels("flux"))[number]
    found = answered(filled, panel)

    assert (panel.dashboard, panel.row, panel.title) == (
        *(kept["dashboard"], kept["row"], kept["title"]),
    )
    assert as_text(found) == as_text(kept["rows"])


def test_figures_of_groups_are_not_those_of_everybody(bucket: Bucket) -> None:
    """Points of the same field with a group or another period change nothing."""
    bucket.write(panels.lines() + panels.of_others())
    found = panels.active_users((panel, answered(bucket, panel)) for panel in panels.panels("flux"))

    assert found == ["17", "14"]


def test_every_panel_of_every_family_shows_something(make_lab: MakeLab, bucket: Bucket) -> None:
    """Of a tenant of which everything may be read, no panel is empty."""
    bucket.write(panels.lines_of_every_family(make_lab(users=30, roles=panels.ROLES)))
    shown, times = panels.of_every_family("flux"), panels.recently()

    assert [panel.title for panel in shown if not answered(bucket, panel, times)] == []


def test_tenants_can_be_chosen(bucket: Bucket) -> None:
    """The query of the choice of tenants gives the names of the last month."""
    bucket.write("o365_bridge,report=r,tenant=contoso up=1i\nother,tenant=fabrikam up=1i\n")
    path = panels.DASHBOARDS / "flux" / "o365skype-bridge.json"
    [_, variable] = json.loads(path.read_text(encoding="utf-8"))["templating"]["list"]
    found = bucket.ask(panels.put_in(variable["query"], bucket=bucket.name))

    assert [row["_value"] for row in found] == ["contoso"]


def started(bucket: Bucket, reports: Sequence[Report] = CATALOGUE) -> list[str]:
    """Have InfluxDB run the generated tasks, every second; give their ids."""
    values = {**defaults(influxdb.OPTIONS), "bucket": bucket.name, "every": "1s", "offset": "0s"}
    return [bucket.run_task(text) for text in influxdb.make(values, reports).values()]


def statuses(bucket: Bucket, tenant: str, title: str) -> list[tuple[str, str]]:
    """Give the level and message of each status of a tenant, the oldest first."""
    found = bucket.ask(
        f"""from(bucket: "_monitoring") |> range(start: -1h)
        |> filter(fn: (r) => r._measurement == "statuses" and r._field == "_message")
        |> filter(fn: (r) => r.tenant == {json.dumps(tenant)})
        |> filter(fn: (r) => r._check_name == {json.dumps(title)})
        |> group() |> sort(columns: ["_time"])"""
    )
    return [(row["_level"], row["_value"]) for row in found]


def is_now(bucket: Bucket, tenant: str, title: str, level: str) -> bool:
    found = statuses(bucket, tenant, title)
    return bool(found) and found[-1][0] == level


def test_revoked_secret_fires_and_recovery_clears(lab: Lab, bucket: Bucket, tmp_path: Path) -> None:
    """From a real Telegraf to a status with cause and remedy, and back to ok by itself."""
    env = {**environment(lab, tmp_path), "O365_REFRESH_INTERVAL": "1"}
    agent = Agent(tmp_path / "telegraf", env=env, extra=bucket.output)
    line = "--interval 4s --timeout 3s --deadline 1s --tenant revoked"
    title = "Somebody has to act"
    with agent.running(generated(line, state_dir=str(lab.state))):
        started(bucket)
        waiting.until(lambda: is_now(bucket, "revoked", title, "ok"))
        lab.simulator.set_faults(["401@reports", "token-7000222"])
        waiting.until(lambda: is_now(bucket, "revoked", title, "crit"))
        fired = statuses(bucket, "revoked", title)
        lab.simulator.set_faults([])
        waiting.until(lambda: is_now(bucket, "revoked", title, "ok"))
    levels = [level for level, _ in statuses(bucket, "revoked", title)]

    assert "AADSTS7000222" in fired[-1][1]
    assert "skype-" in fired[-1][1]
    assert set(levels) == {"ok", "crit"}


def point(tenant: str, fields: str, ago: float = 0, name: str = "o365_bridge") -> str:
    """Write a line of a report, some seconds old."""
    label = {"o365_bridge": "report=r"}.get(name, "service=Teams")
    return f"{name},{label},tenant={tenant} {fields} {int((time.time() - ago) * 10**9)}\n"


GOOD = "up=1i,cause_code=0i,confirmed_seconds=60i,age_seconds=180000i"
CASES = {
    "Graph has not confirmed the figures": (
        *(GOOD.replace("=60i", "=21601i"), "crit", GOOD.replace("=60i", "=21600i"), "ok"),
    ),
    "Microsoft's reports are late": (
        *(GOOD.replace("180000", "345601"), "warn", GOOD.replace("180000", "345600"), "ok"),
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_limits_are_kept_exactly(bucket: Bucket, title: str) -> None:
    """Beyond the limit there is a status, at the limit there is none."""
    beyond, level, at, well = CASES[title]
    tenant = title.replace(" ", "").replace("'", "")
    bucket.write(point(tenant, beyond, ago=30))
    started(bucket)
    waiting.until(lambda: is_now(bucket, tenant, title, level))
    bucket.write(point(tenant, at))
    waiting.until(lambda: is_now(bucket, tenant, title, well))


def test_silence_of_one_tenant_fires_and_ends(bucket: Bucket) -> None:
    """Whoever said nothing for a quarter of an hour is noticed, beside others that speak."""
    title = "Nothing comes from o365skype-bridge"
    bucket.write(point("silent", GOOD, ago=16 * 60) + point("speaking", GOOD, ago=14 * 60))
    started(bucket)
    waiting.until(lambda: is_now(bucket, "silent", title, "crit"))
    waiting.until(lambda: is_now(bucket, "speaking", title, "ok"))
    bucket.write(point("silent", GOOD))
    waiting.until(lambda: is_now(bucket, "silent", title, "ok"))


def test_figures_with_ranges_are_judged(bucket: Bucket) -> None:
    """Service health and credentials alert by the ranges that they are declared with."""
    health = "Microsoft 365 service health: Status code"
    bucket.write(point("judged", "code=7i", ago=30, name="o365_health_services"))
    started(bucket, chosen(("health", "credentials"), ""))
    waiting.until(lambda: is_now(bucket, "judged", health, "crit"))
    bucket.write(point("judged", "code=1i", ago=20, name="o365_health_services"))
    waiting.until(lambda: is_now(bucket, "judged", health, "warn"))
    bucket.write(point("judged", "code=0i", name="o365_health_services"))
    waiting.until(lambda: is_now(bucket, "judged", health, "ok"))


def test_no_run_of_any_task_fails(bucket: Bucket) -> None:
    """Without a single point, and with some, every task succeeds."""
    ids = started(bucket, chosen(("skype", "health", "credentials"), ""))

    def runs(task: str) -> list[str]:
        return [run["status"] for run in bucket.get(f"/api/v2/tasks/{task}/runs")["runs"]]

    waiting.until(lambda: all("success" in runs(task) for task in ids))
    bucket.write(point("fine", GOOD))
    seen = {task: len(runs(task)) for task in ids}
    waiting.until(lambda: all(runs(task).count("success") > seen[task] + 1 for task in ids))

    assert {status for task in ids for status in runs(task)} <= {"success", "scheduled", "started"}


def test_rules_of_grafana_fire_for_whom_they_should(bucket: Bucket) -> None:
    """Each rule's query gives a value a tenant, and its condition is true for those in trouble."""
    bucket.write(alerting.lines())

    def ask(model: dict[str, str]) -> list[panels.Row]:
        query = model["query"].replace("v.defaultBucket", json.dumps(bucket.name))
        whole = query.replace("v.timeRangeStart", "-15m").replace("v.timeRangeStop", "now()")
        return rows(bucket.ask(whole))

    assert alerting.firing("flux", ask) == alerting.EXPECTED


README = (ROOT / "README.md").read_text(encoding="utf-8")
HISTORY = README.partition("### History for a new installation")[2].partition("\n## ")[0]


def pasted(language: str) -> str:
    """Give the block of the recipe that is in this language."""
    [block] = re.findall(rf"^```{language}\n(.*?)^```", HISTORY, re.DOTALL | re.MULTILINE)[:1]
    return str(block)


def test_pasted_recipe_loads_the_history(lab: Lab, bucket: Bucket, tmp_path: Path) -> None:
    """The README's block, for as many days as one run may ask for, as the service's account.

    What Telegraf's own configuration has for inputs does not run.
    """
    days = 7
    other = '[[inputs.exec]]\n  commands = [["echo", "other n=1i"]]\n  data_format = "influx"\n'
    configs = {
        "telegraf.conf": f"[agent]\n  omit_hostname = true\n{bucket.output}{other}",
        "o365skype-history.toml": pasted("toml"),
    }
    recipe = pasted("sh")
    done = run(recipe.replace("DAYS=28", f"DAYS={days}"), tmp_path, configs, lab.env)
    printed = lab.run("backfill", "--days", str(days)).stdout
    wanted = {
        (point.measurement, point.time // 10**9, tuple(sorted(point.tags.items())), name, is_)
        for point in read(printed)
        for name, is_ in point.fields.items()
    }
    answer = bucket.ask(f'from(bucket: "{bucket.name}") |> range(start: -40d)')
    found = {
        (
            row["_measurement"],
            int(datetime.fromisoformat(row["_time"]).timestamp()),
            tuple(sorted((name, is_) for name, is_ in row.items() if is_ and name[0] != "_")),
            row["_field"],
            float(row["_value"]),
        )
        for row in answer
    }

    assert "DAYS=28\n" in recipe
    assert (done.returncode, [text for text in done.stderr.splitlines() if "E! " in text]) == (
        0,
        [],
    )
    assert len({at for _, at, *_ in found}) == days
    assert found == wanted
