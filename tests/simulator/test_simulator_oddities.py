"""Every oddity by its name: the bytes of the files that a client downloads."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from wire import ACTIVITY, COUNTS, DEVICES, NEWEST, TEAMS, Wire, running

from o365skype_bridge.simulator.data import TenantData
from o365skype_bridge.simulator.functions import FUNCTIONS
from o365skype_bridge.simulator.oddities import ODDITIES, chosen
from o365skype_bridge.simulator.resource_oddities import RESOURCE_ODDITIES
from o365skype_bridge.simulator.row_oddities import HOSTILE, NON_ASCII, QUOTED
from o365skype_bridge.simulator.streams import PORTAL

BOM = b"\xef\xbb\xbf"
DAY = f"date={NEWEST}"
D7, D30 = "period='D7'", "period='D30'"
PEERS = "getSkypeForBusinessPeerToPeerActivityCounts"
TEAMS_ACTIVITY = "getTeamsUserActivityUserDetail"
TEAMS_COUNTS = "getTeamsUserActivityCounts"
TEAM_COUNTS, TEAM_DETAIL = "getTeamsTeamCounts", "getTeamsTeamActivityDetail"
ORDERS: tuple[tuple[str, ...], ...] = ((), ("counts-oldest-first",))

NAMES = {
    "quoted-fields": QUOTED,
    "non-ascii": NON_ASCII,
    "odd-names": ("--", "unknown", ""),
    "hostile-names": HOSTILE,
    "huge-field": ("h" * 1_000_000,),
}
LAGS = {
    "refresh-2-days-old": "2026-11-21",
    "refresh-3-days-old": "2026-11-20",
    "refresh-5-days-old": "2026-11-18",
    "refresh-9-days-old": "2026-11-14",
}
ONE_BY_ONE = {
    "blank-activity-dates",
    "bom-absent",
    "bom-only",
    "changed-case",
    "concealed",
    "counts-oldest-first",
    "counts-six-days",
    "crlf",
    "day-header-only",
    "deleted-users",
    "documented-names",
    "double-space",
    "durations-in-hours",
    "duplicate-users",
    "gzip",
    "header-only",
    "html",
    "idle-cells-empty",
    "invalid-utf8",
    "large",
    "missing-optional-column",
    "misspelled-header",
    "no-final-newline",
    "period-of-one",
    "period-sum-differs",
    "refresh-backwards",
    "refresh-differs",
    "revised",
    "short-row",
    "shuffled-columns",
    "trailing-blank-lines",
    "true-false",
    "unknown-column",
    "zero-bytes",
    "zeros",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with running(tmp_path_factory.mktemp("ca"), users=40) as wire:
        wire.bearer()
        yield wire


@pytest.fixture
def wire(shared: Wire) -> Wire:
    return shared.begin()


def odd(wire: Wire, *names: str) -> Wire:
    """Start over with these oddities."""
    return wire.begin(oddities=names)


def column(rows: list[list[str]], name: str) -> list[str]:
    """Give the cells below a header."""
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


def test_every_oddity_is_exercised_here() -> None:
    """No oddity of the table is without a test of its bytes on the wire."""
    of_json = {oddity.name for oddity in RESOURCE_ODDITIES}

    assert set().union(NAMES, LAGS, ONE_BY_ONE) == set(ODDITIES) - of_json


def test_unknown_oddity_is_refused() -> None:
    """A wrong name is answered with the good ones."""
    with pytest.raises(ValueError, match=r"^no oddity is named odder; choose from crlf, trailing"):
        chosen(["odder", "crlf"])


def test_crlf(wire: Wire) -> None:
    """All line ends are CR LF and nothing else changes."""
    plain = wire.body()

    assert odd(wire, "crlf").body() == plain.replace(b"\n", b"\r\n")


def test_trailing_blank_lines(wire: Wire) -> None:
    """Three empty lines follow."""
    plain = wire.body()

    assert odd(wire, "trailing-blank-lines").body() == plain + b"\n\n\n"


def test_no_final_newline(wire: Wire) -> None:
    """The last line is open."""
    plain = wire.body()

    assert odd(wire, "no-final-newline").body() == plain.removesuffix(b"\n")


def test_gzip(wire: Wire) -> None:
    """The bytes on the wire are gzip."""
    plain = wire.body()
    location = odd(wire, "gzip").ask().headers["Location"]

    with wire.session.get(location, stream=True, timeout=30) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.raw.read(decode_content=False)) == plain


def test_bom_absent(wire: Wire) -> None:
    """The three bytes of the mark are missing."""
    plain = wire.body()

    assert odd(wire, "bom-absent").body() == plain.removeprefix(BOM)


def test_bom_only(wire: Wire) -> None:
    """The body is the mark."""
    assert odd(wire, "bom-only").body() == BOM


def test_zero_bytes(wire: Wire) -> None:
    """The body is empty and says so."""
    response = odd(wire, "zero-bytes").fetch()

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Length"] == "0"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_header_only(wire: Wire, function: str) -> None:
    """Only the real header row is left, in every report."""
    expected = BOM + FUNCTIONS[function].header.encode() + b"\n"

    assert odd(wire, "header-only").body(function) == expected


def test_day_header_only(wire: Wire) -> None:
    """The file of a day has no rows, the file of a period has all of them."""
    odd(wire, "day-header-only")

    assert len(wire.rows(arguments=DAY)) == 1
    assert len(wire.rows()) == 41


def test_shuffled_columns(wire: Wire) -> None:
    """The same cells stand under the same headers in another order."""
    plain = wire.rows(TEAMS)

    rows = odd(wire, "shuffled-columns").rows(TEAMS)

    assert rows[0] != plain[0]
    assert {name: column(rows, name) for name in plain[0]} == {
        name: column(plain, name) for name in plain[0]
    }


def test_unknown_column(wire: Wire) -> None:
    """There is one column more, with numbers."""
    plain = wire.rows()

    rows = odd(wire, "unknown-column").rows()

    assert rows[0] == [*plain[0][:3], "Brand New Count", *plain[0][3:]]
    assert set(column(rows, "Brand New Count")) == {"17"}
    assert column(rows, "Used iPad") == column(plain, "Used iPad")


@pytest.mark.parametrize(
    ("function", "missing"),
    [
        (DEVICES, "Used Windows Phone"),
        (ACTIVITY, "Participated Conference Dial-in/out 3rd Party Count"),
        (TEAMS, "Used  Chrome OS"),
    ],
)
def test_missing_optional_column(wire: Wire, function: str, missing: str) -> None:
    """One column is absent with all its cells."""
    plain = wire.rows(function)

    rows = odd(wire, "missing-optional-column").rows(function)

    assert rows[0] == [name for name in plain[0] if name != missing]
    assert {len(row) for row in rows} == {len(plain[0]) - 1}


@pytest.mark.parametrize(
    ("name", "function", "right", "wrong"),
    [
        (
            "misspelled-header",
            ACTIVITY,
            b",Participated Conference IM Count,",
            b",Paricipated Conference IM Count,",
        ),
        ("double-space", DEVICES, b",Used Windows,", b",Used  Windows,"),
        ("changed-case", DEVICES, b"Report Refresh Date,", b"Report refresh date,"),
    ],
)
def test_header_spelled_otherwise(
    wire: Wire, name: str, function: str, right: bytes, wrong: bytes
) -> None:
    """One header cell is spelled otherwise and all cells are the same."""
    plain = wire.body(function)

    assert odd(wire, name).body(function) == plain.replace(right, wrong)
    assert wrong not in plain


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("function", [DEVICES, ACTIVITY, TEAMS])
def test_names(wire: Wire, name: str, function: str) -> None:
    """Users with these very names come first, quoted where a reader of CSV needs it."""
    plain = wire.body(function)
    wire_body = odd(wire, name).body(function)

    text = wire_body.decode("utf-8-sig")
    # The reader's own limit is smaller than the name of one million characters.
    limit = csv.field_size_limit(2_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    finally:
        csv.field_size_limit(limit)
    found = column(rows, "User Principal Name")[: len(NAMES[name])]
    assert tuple(found) == NAMES[name]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert wire_body.endswith(plain.split(b"\n", 1)[1])


def test_names_are_in_the_day_too(wire: Wire) -> None:
    """Additional users were active that day, in the file of the period as in that of the day."""
    odd(wire, "odd-names")

    for arguments in ("period='D7'", DAY):
        rows = wire.rows(arguments=arguments)[1:4]
        assert [row[1:5] for row in rows] == [
            [name, NEWEST, "Yes", "No"] for name in ("--", "unknown", "")
        ]


def test_invalid_utf8(wire: Wire) -> None:
    """One name has a byte that cannot be decoded."""
    assert b",caf\xe9@contoso.example," in odd(wire, "invalid-utf8").body()


def test_short_row(wire: Wire) -> None:
    """The first row has 34 cells instead of 35, all others are whole."""
    rows = odd(wire, "short-row").rows(ACTIVITY)

    assert [len(row) for row in rows] == [35, 34, *[35] * 39]


def test_short_row_of_a_file_without_rows(wire: Wire) -> None:
    """Where there is no row, none is cut."""
    assert len(odd(wire, "short-row", "zeros").rows(arguments=DAY)) == 1


def test_html(wire: Wire) -> None:
    """The file is a web page under the headers of a good file."""
    response = odd(wire, "html").fetch()

    assert response.content == PORTAL
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_true_false(wire: Wire) -> None:
    """One column of yes and no is spelled True and False in the rows of the others."""
    plain = wire.rows()
    rows = odd(wire, "true-false").rows()

    spelled = {"Yes": "True", "No": "False"}
    assert column(rows, "Used Windows") == [spelled[cell] for cell in column(plain, "Used Windows")]
    assert column(rows, "Used iPhone") == column(plain, "Used iPhone")
    assert set(column(wire.rows(ACTIVITY), "Is Deleted")) == {"No", "Yes"}


def test_blank_activity_dates(wire: Wire) -> None:
    """No user has any date of activity, active or not."""
    rows = odd(wire, "blank-activity-dates").rows(ACTIVITY)

    for name in rows[0]:
        if name.endswith("Last Activity Date"):
            assert set(column(rows, name)) == {""}
    assert set(column(rows, "Total Peer-to-peer Session Count")) > {"0"}


def test_deleted_users(wire: Wire) -> None:
    """Every fifth user is deleted, with the day, and some of them were active."""
    rows = odd(wire, "deleted-users").rows(ACTIVITY)

    deleted = column(rows, "Is Deleted")
    assert deleted == ["False", "True", "False", "False", "False"] * 8
    assert column(rows, "Deleted Date") == ["", NEWEST, "", "", ""] * 8
    active = [cell != "0" for cell in column(rows, "Total Peer-to-peer Session Count")]
    assert ("True", True) in zip(deleted, active, strict=True)
    assert ("True", False) in zip(deleted, active, strict=True)


def test_concealed(wire: Wire) -> None:
    """Every name is another 32 hexadecimal digits, the same in each file; ids are zero."""
    odd(wire, "concealed")
    rows = wire.rows(TEAMS)

    names = column(rows, "User Principal Name")
    assert all(re.fullmatch("[0-9A-F]{32}", name) for name in names)
    assert len(set(names)) == 40
    assert set(column(rows, "User Id")) == {"00000000-0000-0000-0000-000000000000"}
    assert column(wire.rows(), "User Principal Name") == names
    day = column(wire.rows(arguments=DAY), "User Principal Name")
    assert set() < set(day) < set(names)


def test_concealed_users_of_later_blocks_differ() -> None:
    """In a large tenant no two users have the same digits."""
    oddities = frozenset({"concealed"})
    data = TenantData(users=9000, refresh_date=date.fromisoformat(NEWEST), oddities=oddities)

    body = b"".join(data.body(DEVICES, "D7"))

    assert len(set(re.findall(rb",([0-9A-F]{32}),", body))) == 9000


def test_duplicate_users(wire: Wire) -> None:
    """The first two rows come twice."""
    plain = wire.rows()

    assert odd(wire, "duplicate-users").rows() == [plain[0], *plain[1:3], *plain[1:]]


def test_period_of_one(wire: Wire) -> None:
    """Report Period is 1 for the period too; ordinarily it tells period and day apart."""
    plain = [set(column(wire.rows(arguments=each), "Report Period")) for each in (D7, D30, DAY)]
    odd(wire, "period-of-one")
    strange = [set(column(wire.rows(arguments=each), "Report Period")) for each in (D7, D30, DAY)]

    assert plain == [{"7"}, {"30"}, {"1"}]
    assert strange == [{"1"}, {"1"}, {"1"}]


@pytest.mark.parametrize("name", LAGS)
def test_refresh_date_is_old(wire: Wire, name: str) -> None:
    """The newest day is this old, and the day after it cannot be asked for yet."""
    rows = odd(wire, name).rows()

    assert set(column(rows, "Report Refresh Date")) == {LAGS[name]}
    assert wire.ask(arguments=f"date={LAGS[name]}").status_code == 302
    assert wire.ask(arguments="date=2026-11-22").status_code == 400


def test_refresh_date_goes_backwards(wire: Wire) -> None:
    """Every second answer is as of the day before."""
    odd(wire, "refresh-backwards")

    days = [column(wire.rows(), "Report Refresh Date")[0] for _ in range(3)]

    assert days == ["2026-11-21", "2026-11-20", "2026-11-21"]


def test_refresh_dates_differ(wire: Wire) -> None:
    """Activity is one day behind devices, and its newer day cannot be asked for."""
    odd(wire, "refresh-differs")

    newest = [
        column(wire.rows(function), "Report Refresh Date")[0]
        for function in (DEVICES, ACTIVITY, COUNTS)
    ]
    assert newest == ["2026-11-21", "2026-11-20", "2026-11-20"]
    assert wire.ask(ACTIVITY, DAY).status_code == 400


def test_counts_oldest_first(wire: Wire) -> None:
    """The days come in the other order."""
    days = [column(odd(wire, *names).rows(COUNTS), "Report Date") for names in ORDERS]

    assert days[0] == [f"2026-11-{number}" for number in range(21, 14, -1)]
    assert days[1] == days[0][::-1]


def test_counts_six_days(wire: Wire) -> None:
    """The day before the newest is missing."""
    days = column(odd(wire, "counts-six-days").rows(COUNTS), "Report Date")

    assert days == [f"2026-11-{number}" for number in (21, 19, 18, 17, 16, 15)]


def test_revised(wire: Wire) -> None:
    """The same day asked twice has other numbers; ordinarily it has the same."""
    plain = [wire.body(ACTIVITY, DAY) for _ in range(2)]
    odd(wire, "revised")
    bodies = [wire.body(ACTIVITY, DAY) for _ in range(3)]

    assert plain[0] == plain[1] == bodies[0]
    assert len(set(bodies)) == 3


def test_period_sum_differs(wire: Wire) -> None:
    """Totals of a period are one higher for each user; those of a day are the same."""
    name = "Total Organized Conference Count"
    period, day = column(wire.rows(ACTIVITY), name), wire.body(ACTIVITY, DAY)
    odd(wire, "period-sum-differs")

    assert column(wire.rows(ACTIVITY), name) == [str(int(cell) + 1) for cell in period]
    assert wire.body(ACTIVITY, DAY) == day


def test_zeros(wire: Wire) -> None:
    """All users are listed with zeros and No, their last activity in 2021; days are empty."""
    odd(wire, "zeros")
    activity, devices, counts = wire.rows(ACTIVITY), wire.rows(), wire.rows(COUNTS)

    assert len(activity) == len(devices) == 41
    for name in activity[0]:
        if name.endswith(("Count", "Minutes")):
            assert set(column(activity, name)) == {"0"}
    assert set(column(activity, "Last Activity Date")) == {"", "2021-03-22"}
    assert {cell for row in devices[1:] for cell in row[3:8]} == {"No"}
    assert {cell for row in counts[1:] for cell in row[3:]} == {"0"}
    assert len(wire.rows(arguments=DAY)) == 1


def test_large(tmp_path: Path) -> None:
    """Two hundred thousand different users."""
    with running(tmp_path, oddities=["large"]) as wire:
        body = wire.body()

    names = {line.split(b",", 2)[1] for line in body.split(b"\n")[1:-1]}
    assert len(names) == 200_000


def test_all_oddities_together(wire: Wire) -> None:
    """Any combination is a good answer of the length that it says."""
    for names in pairwise(ODDITIES):
        if "large" not in names:
            response = odd(wire, *names).fetch(ACTIVITY)
            assert response.status_code == 200
    everything = odd(wire, *(name for name in ODDITIES if name != "large")).fetch(ACTIVITY)
    assert everything.status_code == 200


def test_idle_cells_empty(wire: Wire) -> None:
    """A day without any activity has empty cells, other days keep their zeros."""
    odd(wire, "idle-cells-empty", "zeros")
    assert wire.rows(COUNTS)[1] == [NEWEST, NEWEST, "7", "", "", ""]
    assert wire.rows(TEAM_COUNTS)[1] == [NEWEST, NEWEST, "1", "0", "4", "0"]

    busy = odd(wire, "idle-cells-empty").rows(PEERS)
    assert "0" in {cell for row in busy for cell in row}
    assert "" not in {cell for row in busy for cell in row}


def test_durations_in_hours(wire: Wire) -> None:
    """Days, hours and minutes add up to the seconds of the same row."""
    rows = odd(wire, "durations-in-hours").rows(TEAMS_ACTIVITY, "period='D180'")

    for text, seconds in zip(
        column(rows, "Audio Duration"), column(rows, "Audio Duration In Seconds"), strict=True
    ):
        found = re.fullmatch(r"P(?:(\d+)D)?T(\d+)H(\d+)M(\d+)S", text)
        assert found is not None
        days, hours, minutes, rest = (int(part or 0) for part in found.groups())
        assert ((days * 24 + hours) * 60 + minutes) * 60 + rest == int(seconds)
    assert any("D" in text for text in column(rows, "Audio Duration"))


def test_documented_names(wire: Wire) -> None:
    """The per-day report of Teams loses the word Count, its cells stay; the detail keeps it."""
    plain, detail = wire.body(TEAMS_COUNTS), wire.body(TEAMS_ACTIVITY)
    odd(wire, "documented-names")

    assert wire.body(TEAMS_COUNTS) == plain.replace(
        b"Meetings Organized Count,Meetings Attended Count", b"Meetings Organized,Meetings Attended"
    )
    assert wire.body(TEAMS_ACTIVITY) == detail


def test_concealed_teams(wire: Wire) -> None:
    """A team has digits for its name and the same id as all others."""
    rows = odd(wire, "concealed").rows(TEAM_DETAIL)

    assert len(set(column(rows, "Team Name"))) == 5
    for name in column(rows, "Team Name"):
        assert re.fullmatch("[0-9A-F]{32}", name)
    assert set(column(rows, "Team Id")) == {"00000000-0000-0000-0000-000000000000"}


@pytest.mark.parametrize("name", ["shuffled-columns", "unknown-column"])
def test_columns_of_counts_are_odd_too(wire: Wire, name: str) -> None:
    """The cells of a report that counts stay below their headers."""
    plain = wire.rows(COUNTS)

    rows = odd(wire, name).rows(COUNTS)

    assert rows[0] != plain[0]
    assert {head: column(rows, head) for head in plain[0]} == {
        head: column(plain, head) for head in plain[0]
    }
