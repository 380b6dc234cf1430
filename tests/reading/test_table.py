"""A report file as a stream: what is read, and what is refused with a line that says why."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import files
from readers.files import BOM, DEVICES, device_row, written

from o365skype_bridge.errors import MalformedError
from o365skype_bridge.model import asked
from o365skype_bridge.model.asked import Asked
from o365skype_bridge.reading import lines
from o365skype_bridge.reading.columns import normalise
from o365skype_bridge.reading.table import Table

USER = "User Principal Name"
HEADER = ("Report Refresh Date", USER, "Report Period")
ROW = ("2026-06-28", "adele@contoso.com", "7")
NEWEST = date(2026, 6, 28)
WEEK = asked.period(last=date(2026, 7, 1))
DAY = asked.newest_day(NEWEST)
PAST = asked.past_day(date(2026, 6, 21), newest=NEWEST, last=date(2026, 7, 1))


def rows(body: bytes, *columns: str, asked: Asked | None = None) -> list[list[str]]:
    """Give all rows of a file."""
    return all_rows(Table([body], columns, asked))


def all_rows(table: Table) -> list[list[str]]:
    """Give what is left to read of a table, row by row."""
    return [list(row) for batch in table.batches() for row in batch.rows]


def refusal(body: bytes, *columns: str, asked: Asked | None = None) -> str:
    """Give what is said of a file that is refused."""
    with pytest.raises(MalformedError) as caught:
        rows(body, *columns, asked=asked)
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize("bom", [BOM, b"", BOM + BOM])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_marks_and_line_ends_make_no_difference(bom: bytes, end: str, *, last: bool) -> None:
    """With a BOM or without, LF or CRLF, with a final line end or without."""
    body = written(HEADER, ROW, ROW, bom=bom, end=end)

    assert rows(body if last else body.rstrip(), *HEADER) == [list(ROW), list(ROW)]


@pytest.mark.parametrize("blank", ["\n", "\r\n", "   \n", "\t\r\n", ",,\n", ",,,,\n"])
def test_blank_lines_are_passed_over(blank: str) -> None:
    """Before the header, between rows and at the end."""
    lines = [",".join(HEADER), ",".join(ROW), ",".join(ROW)]
    body = "\n".join([lines[0], *(f"{blank}{line}" for line in lines[1:])]) + "\n" + blank

    assert rows(body.encode(), *HEADER) == [list(ROW), list(ROW)]


def test_empty_lines_before_the_header_are_passed_over() -> None:
    """A header is the first line that is one."""
    assert rows(b"\r\n\n" + written(HEADER, ROW, bom=b""), USER) == [list(ROW)]


def test_quoted_cells_hold_everything() -> None:
    """Commas, quotes and line ends inside quotes are part of a cell."""
    name = 'a,"b"\r\nc\nd'

    assert rows(written(HEADER, (ROW[0], name, "7")), USER) == [[ROW[0], name, "7"]]


@pytest.mark.parametrize("bom", [BOM, b""])
def test_quoted_headers_are_headers(bom: bytes) -> None:
    """A file that a spreadsheet or a shell saved has quotes around every cell."""
    lines = ['"' + '","'.join(row) + '"' for row in (HEADER, ROW)]
    body = bom + "\r\n".join(lines).encode()
    found = Table([body], (USER,))

    assert all_rows(found) == [list(ROW)]
    assert (found.refresh_date, found.days) == (NEWEST, 7)


def test_the_header_says_where_columns_are() -> None:
    """Whatever their order, blanks, case and known misspellings; unknown ones do not matter."""
    header = ["New", "Used  iPad", "  used windows", "Total Paricipated Conference Count", USER]
    header += ["report refresh  DATE"]
    found = Table([written(header)], ("Used iPad", "Used Windows", USER)).places

    assert found == {"Used iPad": 1, "Used Windows": 2, USER: 4}
    assert Table([written(header)], ("Total Participated Conference Count",)).places == {
        "Total Participated Conference Count": 3
    }


def test_used_may_be_missing_before_a_device() -> None:
    """An early form of the report called the column by the device alone."""
    header = ("Windows", "Used iPad", *HEADER)

    assert Table([written(header)], ("Used Windows", "Used iPad")).places == {
        "Used Windows": 0,
        "Used iPad": 1,
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("User Principal Name", "user principal name"),
        ("\ufeffReport  Refresh\u00a0Date ", "report refresh date"),
        ("Paricipated Conference IM Count", "participated conference im count"),
        ("", ""),
    ],
)
def test_columns_are_compared_in_one_form(name: str, expected: str) -> None:
    """No BOM, single blanks, lower case, right spelling."""
    assert normalise(name) == expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the report is empty, not even a header row came"),
        (BOM, "the report is empty, not even a header row came"),
        (b"\r\n\r\n", "the report is empty, not even a header row came"),
        (b" \n,,\n", "the report is empty, not even a header row came"),
        (BOM + b"<!DOCTYPE html><html>", "a web page came instead of the report"),
        (b"\n <html>,\n", "a web page came instead of the report"),
        (b'{"error": 1}', "the report has no column 'User Principal Name'"),
        (written(HEADER[:1]), "the report has no column 'User Principal Name'"),
        (b"\xff\xfe" + b"a\0b\0", "the report is not UTF-8 near line 1"),
    ],
)
def test_what_is_no_report_is_refused(body: bytes, said: str) -> None:
    """Each with what came instead."""
    assert refusal(body, USER) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"2026-06-28,a", "row 2 of the report has 2 cells instead of 3"),
        (b"2026-06-28,a,7,8", "row 2 of the report has 4 cells instead of 3"),
        (b'2026-06-28,"a"b,7', "line 3 of the report: ',' expected after '\"'"),
        (b'2026-06-28,"a,7', "line 3 of the report: unexpected end of data"),
        (b"2026-06-28,\xff,7", "the report is not UTF-8 near line 3"),
        (b"2026-06-28,\xed\xa0\x80,7", "the report is not UTF-8 near line 3"),
        (
            b"2026-06-28," + b"x" * 200_000 + b",7",
            "line 3 of the report: field larger than field limit (131072)",
        ),
    ],
)
def test_a_broken_row_is_refused_with_its_line(row: bytes, said: str) -> None:
    """Figures of a file with such a row could be anybody's."""
    assert refusal(written(HEADER, ROW) + row, USER) == said


def test_a_row_of_34_cells_in_a_report_of_35_is_refused() -> None:
    """Cells have moved, and a count would be another column's."""
    row = files.activity_row("adele", 1, 2, 3)
    body = written(files.ACTIVITY, row, row[:10] + row[11:])

    assert refusal(body, USER) == "row 2 of the report has 34 cells instead of 35"


def test_a_megabyte_without_a_line_end_is_refused() -> None:
    """Before it is all held in memory, however it comes."""
    body = written(HEADER, ROW) + b"x" * (lines.LONGEST_LINE + 1)
    said = f"a line of the report is longer than {lines.LONGEST_LINE} bytes"

    with pytest.raises(MalformedError, match=said):
        list(Table(files.pieces(body, 5000), (USER,)).batches())


def test_a_quote_in_the_middle_of_a_cell_is_a_character() -> None:
    """Only a cell that begins with a quote is quoted."""
    assert rows(written(HEADER) + b'2026-06-28,a"b,7\n', USER) == [["2026-06-28", 'a"b', "7"]]


def test_a_nul_is_a_character() -> None:
    """Names can hold it; the outputs take it away."""
    assert rows(written(HEADER) + b"2026-06-28,a\0b,7\n", USER) == [["2026-06-28", "a\0b", "7"]]


@pytest.mark.parametrize("asked", [None, WEEK, DAY])
@pytest.mark.parametrize(
    "cell",
    [
        "yesterday",
        "2026-13-01",
        "28.06.2026",
        "2026-06-28T00:00",
        "20260628",
        "2026-W26-7",
        "\u0662\u0660\u0662\u0666-06-28",
        "\ufeff2026-06-28",
        "",
    ],
)
def test_a_refresh_date_that_is_none_is_refused(cell: str, asked: Asked | None) -> None:
    """Without it nobody could say of which day the figures are."""
    assert refusal(written(HEADER, (cell, "a", "7")), USER, asked=asked) == (
        f"the report's refresh date is {cell!a}, not a date like 2026-11-20"
    )


def test_a_missing_refresh_date_is_named() -> None:
    """As a missing column, and in a file without rows as well."""
    for body in (written((USER,), ("a",)), written((USER,))):
        assert refusal(body, USER) == "the report has no column 'Report Refresh Date'"


@pytest.mark.parametrize("column", ["Used Windows", *HEADER])
@pytest.mark.parametrize("spelled", ["{}", "\ufeff{}", " {} ", "{} "])
def test_a_column_that_stands_twice_is_refused(column: str, spelled: str) -> None:
    """Nobody could say which of the two is meant, however they are spelled."""
    header = [*HEADER, "Used Windows", spelled.format(column.upper())]

    assert refusal(written(header), USER, "Used Windows") == (
        f"the report has the column '{column}' more than once"
    )


def test_a_column_without_meaning_may_stand_twice() -> None:
    """Nothing is read off it."""
    header = [*HEADER, "", "New", "New", ""]

    assert rows(written(header, [*ROW, "", "1", "2", ""]), USER) == [[*ROW, "", "1", "2", ""]]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2026-07-02", "which has not come yet"),
        ("2026-07-28", "which has not come yet"),
        ("2036-06-28", "which has not come yet"),
        ("9999-12-31", "which has not come yet"),
        ("1999-12-31", "which cannot be"),
        ("0001-01-01", "which cannot be"),
    ],
)
def test_a_refresh_date_that_cannot_be_is_refused(cell: str, said: str) -> None:
    """All that is right would be taken for older than it."""
    body = written(HEADER, (cell, *ROW[1:]))

    assert refusal(body, USER, asked=WEEK) == f"the report's refresh date is '{cell}', {said}"


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ("2026-07-01", WEEK),
        ("2000-01-01", WEEK),
        (" 2026-06-28\t", DAY),
        ("2026-06-21", PAST),
        ("2026-06-28", PAST),
        ("2026-06-29", PAST),
    ],
)
def test_a_refresh_date_that_answers_is_read(cell: str, asked: Asked) -> None:
    """A past day's file may name that day, or the newest there is."""
    row = [cell, "a", str(asked.days)]

    assert rows(written(HEADER, row, row), USER, asked=asked) == [row, row]


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ("2026-06-27", DAY),
        ("2026-06-29", DAY),
        ("2026-06-20", PAST),
        ("2026-06-22", PAST),
        ("2026-06-27", PAST),
        ("2026-07-02", PAST),
        ("0001-01-01", PAST),
    ],
)
def test_the_file_of_another_day_is_refused(cell: str, asked: Asked) -> None:
    """Its figures must never stand under the day that was asked for."""
    body = written(HEADER, (cell, "a", "1"))

    assert refusal(body, USER, asked=asked) == (
        f"the report's refresh date is '{cell}'; {asked.parameter} was asked for"
    )


@pytest.mark.parametrize(
    ("period", "asked", "said"),
    [
        ("7", DAY, "'Report Period' is '7'; date=2026-06-28 was asked for"),
        ("", DAY, "'Report Period' is ''; date=2026-06-28 was asked for"),
        ("D1", DAY, "'Report Period' is 'D1'; date=2026-06-28 was asked for"),
        ("1", WEEK, "'Report Period' is '1'; period='D7' was asked for"),
        ("30", WEEK, "'Report Period' is '30'; period='D7' was asked for"),
        ("180", WEEK, "'Report Period' is '180'; period='D7' was asked for"),
        ("7.5", WEEK, "'Report Period' is '7.5'; period='D7' was asked for"),
        ("-7", WEEK, "'Report Period' is '-7'; period='D7' was asked for"),
        ("7e0", WEEK, "'Report Period' is '7e0'; period='D7' was asked for"),
        ("\u0667", WEEK, "'Report Period' is '\\u0667'; period='D7' was asked for"),
        ("9" * 5000, WEEK, f"'Report Period' is '{'9' * 20}'; period='D7' was asked for"),
    ],
)
def test_a_period_that_was_not_asked_for_is_refused(period: str, asked: Asked, said: str) -> None:
    """The figures of so many days must never pass for those of others."""
    assert refusal(written(HEADER, (*ROW[:2], period)), USER, asked=asked) == said


@pytest.mark.parametrize(
    ("period", "asked"),
    [("1", DAY), ("1.0", DAY), (" 1", DAY), ("7", WEEK), ("7.00 ", WEEK), ("30", None)],
)
def test_a_period_that_was_asked_for_is_read(period: str, asked: Asked | None) -> None:
    """As a whole number, however it is written; or nobody asked."""
    assert len(rows(written(HEADER, (*ROW[:2], period)), USER, asked=asked)) == 1


@pytest.mark.parametrize("row", [2, 200, 201, 450, 750])
@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (0, "2026-06-27", "'Report Refresh Date' is '2026-06-28' in row 1 and '2026-06-27' in row"),
        (0, "Report Refresh Date", "the report's refresh date is 'Report Refresh Date' in row"),
        (0, "", "the report's refresh date is '' in row"),
        (2, "30", "'Report Period' is '30' in row"),
        (2, "", "'Report Period' is '' in row"),
    ],
)
def test_every_row_is_looked_at(row: int, column: int, cell: str, said: str) -> None:
    """Two files may have been joined, or one row may have come from elsewhere."""
    body = [list(ROW) for _ in range(750)]
    body[row - 1][column] = cell

    assert refusal(written(HEADER, *body), USER, asked=WEEK).startswith(f"{said} {row}")


@pytest.mark.parametrize("bom", [b"", BOM])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
def test_two_files_joined_are_refused(bom: bytes, end: bytes) -> None:
    """With the second one's BOM or without, after a line end or after none."""
    one = written(HEADER, *([ROW] * 5)).rstrip()
    body = one + end + bom + one.removeprefix(BOM)

    mark = "\\ufeff" if bom else ""
    said = f"the report's refresh date is '{mark}Report Refresh Date' in row 6, not a date"

    assert refusal(body, USER, asked=WEEK) == (
        f"{said} like 2026-11-20" if end else "row 5 of the report has 5 cells instead of 3"
    )


def test_the_same_may_be_written_in_two_ways() -> None:
    """What counts is which day and which period a row says."""
    other = (" 2026-06-28 ", "b", "7.0")

    assert len(rows(written(HEADER, *([ROW, other] * 400)), USER, asked=WEEK)) == 800


def test_a_file_without_a_period_column_is_taken_as_asked() -> None:
    """It says nothing that could contradict."""
    assert rows(written(HEADER[:2], ROW[:2]), USER, asked=DAY) == [list(ROW[:2])]


def test_a_header_alone_has_no_rows_and_no_date() -> None:
    """That is a report about nobody, not a broken one."""
    found = Table([written(DEVICES)], (USER,))

    assert list(found.batches()) == []
    assert (found.rows, found.refresh_date, found.days) == (0, None, None)


def test_blank_lines_alone_are_no_rows() -> None:
    """However many there are."""
    assert rows(written(DEVICES) + b"  \n" * 1000, USER) == []


def test_rows_come_in_batches() -> None:
    """A whole report is never held."""
    body = written(DEVICES, *(device_row(str(number), "W") for number in range(10_000)))
    found = Table(files.pieces(body, 9999), (USER,))
    sizes = [batch.size for batch in found.batches()]

    assert max(sizes) < 3 * lines.CHUNK / len(",".join(device_row("0", "W")))
    assert found.rows == sum(sizes) == 10_000


@given(cuts=st.lists(st.integers(0, 160), max_size=12))
def test_chunks_may_end_anywhere(cuts: list[int]) -> None:
    """Within the BOM, a character, a quote or a line end."""
    expected = [["2026-06-28", 'zoë "😀",\r\nü', "7"]]
    body = written(HEADER, *expected, end="\r\n")
    edges = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    chunks = [body[begin:end] for begin, end in pairwise(edges)]
    found = Table(chunks, HEADER)

    assert all_rows(found) == expected
