"""The results of one tenant that are kept between runs, each report in a file of its own."""

from __future__ import annotations

import zlib

from o365skype_bridge.model import compact
from o365skype_bridge.process import files
from o365skype_bridge.state.codec import decode_held, encode_held
from o365skype_bridge.state.held import CLOCK_TOLERANCE, Held
from o365skype_bridge.state.place import Place

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.settings.values import Tenant

    T = TypeVar("T")

MAGIC = b"o365skype-bridge"
SCHEMA = 2
"""Another number puts every file of an older or newer version aside."""

FOREIGN = (AttributeError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What reading values raises that are not ours."""

LARGEST_RESULT = 1 << 24
"""Bytes of a file with a report's totals."""


class Store:
    """One tenant's folder. ``problems`` collects a line for everything put aside."""

    without = "every answer asks Graph until it can"
    """What it means when the folder cannot be used."""

    def __init__(self, state_dir: str, tenant: Tenant) -> None:
        """Name the folder; it is made when something is first written."""
        self.tenant = tenant
        identity = tenant.identity.encode()
        slug = "".join(char if char.isalnum() and char.isascii() else "_" for char in tenant.name)
        marks = f"{zlib.crc32(identity):08x}{zlib.adler32(identity):08x}"
        self.place = Place(state_dir, f"{slug[:40]}-{marks}")
        self.problems: list[str] = []
        self._state_dir = state_dir

    @property
    def folder(self) -> str:
        """The tenant's folder, or the one that stands in for it."""
        return self.place.folder

    def path(self, name: str) -> str:
        """Give the path of a file in the folder."""
        return f"{self.folder}/{name}"

    def prepare(self) -> None:
        """Make the folder, or find one that stands in for it, with a line; for who will write."""
        self.place.prepare()
        self._note()

    def load(self, report: Report, now: float) -> Held:
        """Give what is held; whatever cannot be trusted is put aside, with a line."""
        self.place.look()
        self._note()
        name = f"{report.name}.json"

        def read(content: dict[str, Any]) -> Held:
            held = decode_held(content, report, self.tenant.name)
            if held.is_ahead(now):
                raise ValueError("its data are of a day that has not come yet")
            return held

        held = self.kept(name, read) or Held()
        if held.result is not None and held.result.reading not in ("", report.reading):
            return Held()
        if held.checked_at > now + CLOCK_TOLERANCE:
            self.problems.append(f"{self.path(name)} is from the future; asking Graph again")
        return held

    def kept(
        self, name: str, read: Callable[[dict[str, Any]], T], most: int = LARGEST_RESULT
    ) -> T | None:
        """Give what ``read`` makes of a file's values; one that cannot be trusted is put aside."""
        path = self.path(name)
        try:
            return read(self._content(path, most))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except files.UnfitError as error:
            self._put_aside(path, error.strerror or "it is not a file")
        except OSError as error:
            self.unusable(error)
        except FOREIGN as error:
            self._put_aside(path, str(error) or type(error).__name__)
        return None

    def save(self, report: Report, held: Held) -> None:
        """Replace what is held. Raises `OSError`."""
        self.keep(f"{report.name}.json", encode_held(held))

    def keep(self, name: str, content: dict[str, Any]) -> None:
        """Write a file of values. Raises `OSError`."""
        body = compact.write({"identity": self.tenant.identity, **content}).encode()
        header = b"%s %d %08x %d\n" % (MAGIC, SCHEMA, zlib.crc32(body), len(body))
        try:
            files.make_folder(self.folder)
            files.write_whole(self.path(name), header + body)
        except OSError as error:
            if self.place.why:  # this is elsewhere already
                raise
            self.place.leave(error)
            self._note()
            files.write_whole(self.path(name), header + body)

    def unusable(self, error: OSError) -> None:
        """Note once that something can neither be read nor kept here."""
        if not self.place.why:
            self._say(error.strerror or "error", "")
        self._note()

    def _note(self) -> None:
        if self.place.why:
            self._say(self.place.why, self.place.instead)

    def _say(self, why: str, instead: str) -> None:
        then = f"{instead} is used until it can" if instead else self.without
        line = f"the state folder {self._state_dir} cannot be used ({why}); {then}"
        if line not in self.problems:
            self.problems.append(line)

    def taken_problems(self) -> list[str]:
        """Give the problems so far, and forget them."""
        taken, self.problems = self.problems, []
        return taken

    def _content(self, path: str, most: int) -> dict[str, Any]:
        header, _, body = files.read_owned(path, most).partition(b"\n")
        words = header.split()
        if len(words) != len(("magic", "schema", "crc", "size")) or words[0] != MAGIC:
            raise ValueError("it is not a file of this program")
        if words[1] != b"%d" % SCHEMA:
            raise ValueError("it is of another version of this program")
        if words[2:] != [b"%08x" % zlib.crc32(body), b"%d" % len(body)]:
            raise ValueError("it is damaged or was changed")
        content: dict[str, Any] = compact.read(body.decode())
        if content["identity"] != self.tenant.identity:
            raise ValueError("it is of another tenant")
        return content

    def _put_aside(self, path: str, why: str) -> None:
        self.problems.append(f"{path} was put aside: {why}; asking Graph again")
        try:
            files.put_aside(path)
        except OSError:
            pass
