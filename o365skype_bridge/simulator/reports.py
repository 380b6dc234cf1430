"""What a usage report of the simulator is: its header row, and where each figure comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

PERIODS: Final = {"D7": 7, "D30": 30, "D90": 90, "D180": 180}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One report: its Graph function and the header row of its file.

    A report of `rows` lists users or teams (`about`). The others count them: one row for each of
    the `days`, or one for the whole `window`. A counted column is named for the column of rows that
    it counts: by `figures`, or else with its own name in place of the braces of `figure`. It is the
    sum of that column, or the `unique` number of those who have any of it.
    `optional` is the column that some real tenants leave out.
    """

    function: str
    header: str
    product: str = "skype"
    about: Literal["users", "teams"] = "users"
    shape: Literal["rows", "days", "window"] = "rows"
    figure: str = "{}"
    figures: Mapping[str, str] = field(default_factory=dict)
    unique: bool = False
    optional: str = ""

    @property
    def columns(self) -> list[str]:
        """The column names, in the order of the real file."""
        return self.header.split(",")

    @property
    def takes_date(self) -> bool:
        """Whether the function accepts date= as well as period=."""
        return self.shape == "rows"

    def counted(self, column: str) -> str:
        """The column of rows that this column counts."""
        return self.figures.get(column) or self.figure.format(column)
