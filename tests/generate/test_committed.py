"""The committed configuration of agents is what `generate` makes."""

from __future__ import annotations

from pathlib import Path

import committed
import pytest

EVERYTHING = committed.everything()


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: str(path.relative_to(committed.ROOT)))
def test_committed_file_is_fresh(path: Path) -> None:
    """A committed file is what `make generated` would write now."""
    assert path.read_text(encoding="utf-8") == EVERYTHING[path]


@pytest.mark.parametrize("folder", sorted({folder for folder, _ in committed.COMMITTED}))
def test_folder_holds_nothing_else(folder: str) -> None:
    """What is no longer generated is no longer committed; README and pictures are by hand."""
    top = committed.ROOT / folder
    found = {
        path for path in top.rglob("*") if path.is_file() and path.suffix not in (".md", ".png")
    }

    assert found - set(EVERYTHING) == set()
