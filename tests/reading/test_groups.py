"""The file that says who is in which group: what is read of it, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from o365skype_bridge.errors import UsageError
from o365skype_bridge.reading.groups import Groups

USERS = ["Adele@contoso.com", "bianca@contoso.com", "chris@contoso.com", "nobody@contoso.com"]
REMEDY = "Name a CSV file in UTF-8 with the columns upn and group, that this user can read."


def saved(tmp_path: Path, content: str | bytes) -> Path:
    """Write the file."""
    path = tmp_path / "groups.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path: Path, content: str | bytes, minimum: int = 1) -> Groups:
    """Give what a file with this content says."""
    found = Groups(str(saved(tmp_path, content)), minimum)
    found.read()
    return found


def refusal(tmp_path: Path, content: str | bytes) -> str:
    """Give what is wrong with a file, without its name and the remedy."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path, content)
    begin = f"the groups file {str(tmp_path / 'groups.csv')!a} cannot be used: "
    assert caught.value.text.startswith(begin)
    assert caught.value.text.endswith(f". {REMEDY}")
    return caught.value.text.removeprefix(begin).removesuffix(f". {REMEDY}")


@pytest.mark.parametrize(
    "content",
    [
        "upn,group\nadele@contoso.com,Sales\nBianca@Contoso.com,R&D\n",
        "\ufeffUPN,Group\r\nADELE@contoso.com,Sales\r\nbianca@contoso.com,R&D",
        "city,group,upn\nOslo,Sales,adele@contoso.com\n,,\n\nBonn,R&D,bianca@contoso.com\n",
        'group;upn\n"Sales";adele@contoso.com\n R&D ; bianca@contoso.com \n',
        "upn\tgroup\nadele@contoso.com\tSales\nbianca@contoso.com\tR&D\n",
        "upn,group\nadele@contoso.com,Sales\nbianca@contoso.com,R&D\nADELE@contoso.com,Sales\n",
        "upn,group\nadele@contoso.com,Sales\nbianca@contoso.com,R&D\nchris@contoso.com,\n",
    ],
)
def test_groups_of_users_are_found(tmp_path: Path, content: str) -> None:
    """In any order of columns, in any case, as spreadsheets write them."""
    found = read(tmp_path, content)

    assert found.names == ("R&D", "Sales", "other")
    assert list(found.of(USERS)) == ["Sales", "R&D", "other", "other"]


def test_small_groups_are_merged(tmp_path: Path) -> None:
    """By the members that the file gives them, whoever is in the report."""
    content = "upn,group\na,Large\nb,Large\nc,Large\nd,Small\ne,Small\n"
    found = read(tmp_path, content, minimum=3)

    assert found.names == ("Large", "other")
    assert list(found.of("abcde")) == ["Large"] * 3 + ["other"] * 2


@pytest.mark.parametrize("name", ["other", "Other", "OTHER"])
def test_group_called_like_the_rest_is_the_rest(tmp_path: Path, name: str) -> None:
    """Two series of one name would be one."""
    assert read(tmp_path, f"upn,group\na,{name}\nb,x\n").names == ("x", "other")


def test_users_of_the_file_are_known(tmp_path: Path) -> None:
    """Also those of a small group, and those without one."""
    found = read(tmp_path, "upn,group\na,Small\nb,\n", minimum=2)

    assert [found.knows([user]) for user in "ABc"] == [True, True, False]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "its first row has the column upn not"),
        ("a,b\n", "its first row has the column upn not"),
        ("upn,department\n", "its first row has the column group not"),
        ("upn,group,UPN\n", "its first row has the column upn more than once"),
        ("upn,group\na\n", "row 2 has 1 cells instead of 2"),
        ("upn,group\na,b,c\n", "row 2 has 3 cells instead of 2"),
        ("upn,group\na,b\n ,b\n", "row 3 has no upn"),
        (
            "upn,group\na,b\nA,c\n",
            "row 3 has another group of a user who is in a row before",
        ),
        (f"upn,group\na,{'b' * 201}\n", "the group in row 2 is longer than 200 letters"),
        ('upn,group\na,"b\n', "unexpected end of data"),
        ("upn,group\na,b\n".encode("utf-16"), "it is not UTF-8 text"),
        ("upn,group\na,b\xff\n".encode("latin-1"), "it is not UTF-8 text"),
        ("upn,group\n" + "a" * (1 << 21), "a line of it is too long"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: str | bytes, why: str) -> None:
    """With what is wrong, and where; never with the name of a user."""
    assert refusal(tmp_path, content) == why


def test_missing_file_is_refused_at_once(tmp_path: Path) -> None:
    """Before anything is answered without it."""
    with pytest.raises(UsageError) as caught:
        Groups(str(tmp_path / "none.csv"), 5)

    assert caught.value.text.endswith(f"cannot be used: No such file or directory. {REMEDY}")


def test_folder_is_refused(tmp_path: Path) -> None:
    """Nothing but a regular file is opened."""
    with pytest.raises(UsageError, match="it is a folder, not a regular file"):
        Groups(str(tmp_path), 5).read()


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    """Memory is bounded."""
    rows = "a,x\n" * 2_000_000

    assert read(tmp_path, f"upn,group\n{rows}").names == ("x", "other")
    assert refusal(tmp_path, f"upn,group\n{rows}a,x\n") == "it has more than 2000000 rows"


def test_too_large_files_are_refused(tmp_path: Path) -> None:
    """Before they are read."""
    path = saved(tmp_path, "upn,group\n")
    os.truncate(path, (1 << 26) + 1)
    with pytest.raises(UsageError, match="it is larger than 67108864 bytes"):
        Groups(str(path), 5).read()


def test_too_many_groups_are_refused(tmp_path: Path) -> None:
    """Of those that are large enough: others are merged anyway."""
    rows = "".join(f"{number},{number}\n" for number in range(5001))
    with pytest.raises(UsageError, match="has 5001 groups, more than 5000"):
        read(tmp_path, f"upn,group\n{rows}")

    assert read(tmp_path, f"upn,group\n{rows}", minimum=2).names == ("other",)


def test_mark_is_another_one_when_file_or_minimum_is(tmp_path: Path) -> None:
    """By it what was counted is known to be of this file."""
    path = saved(tmp_path, "upn,group\na,x\n")
    first, same, other = (Groups(str(path), minimum).mark for minimum in (5, 5, 6))
    saved(tmp_path, "upn,group\na,y\n")

    assert first == same != other
    assert first != Groups(str(path), 5).mark
