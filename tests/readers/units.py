"""A report with a figure of every unit, with fractions and texts, declared for tests."""

from __future__ import annotations

from o365skype_bridge.model import units
from o365skype_bridge.model.declare import Metric, Report, Tally
from o365skype_bridge.model.values import ReportResult, Sample
from readers import making

ROWS = Tally(kind="rows")


def metric(name: str, unit: units.Unit, title: str, label: str = "", value: str = "") -> Metric:
    """Declare a figure."""
    return Metric(
        name=f"quota.{name}",
        unit=unit,
        help="A figure.",
        title=title,
        tally=ROWS,
        label=label,
        value=value,
    )


USED = metric("used.bytes", units.BYTES, "Used")
SHARE = metric("share.percent", units.PERCENT, "Share")
CALLS = metric("calls.minutes", units.MINUTES, "Time in calls")
LEFT = metric("left.days", units.DAYS, "Time left")
DELAY = metric("delay.seconds", units.SECONDS, "Delay")
SITES = metric("sites.count", units.SITES, "Sites")
STATE = metric("state.text", units.WORD, "State")
KIND = metric("*.bytes", units.BYTES, "Mail", label="kind", value="mail")
STATUS = metric("status.text", units.WORD, "Status", label="service")
ISSUES = metric("issues.count", units.COUNT, "Issues", label="service")

QUOTA = Report(
    name="quota-usage",
    title="Quota usage",
    function="getQuota",
    permission="Reports.Read.All",
    namespace="quota",
    metrics=(USED, SHARE, CALLS, LEFT, DELAY, SITES, STATE, KIND, STATUS, ISSUES),
)

TOTALS: tuple[tuple[Metric, float | str], ...] = (
    (USED, 5_368_709_120),
    (SHARE, 12.5),
    (CALLS, 90),
    (LEFT, 0.1 + 0.2),
    (DELAY, 0.00001),
    (SITES, 3),
    (STATE, 'fine, "so far"'),
    (KIND, 7),
)


def quota() -> ReportResult:
    """Make a good result with a figure of each metric, and of two services."""
    day = making.DAY
    samples = [Sample(metric=metric, value=value, day=day) for metric, value in TOTALS]
    for service, status, issues in (
        ("Exchange Online", "serviceDegradation", 2),
        ("Teams", "serviceOperational", 0),
    ):
        samples += [
            Sample(metric=STATUS, value=status, day=day, user=service),
            Sample(metric=ISSUES, value=issues, day=day, user=service),
        ]
    return making.result(QUOTA, tuple(samples))
