"""A plugin of pytest: a service of Centreon's, ready to be run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MakeLab
from connecting import Make, Service
from runner import Drivers


@pytest.fixture(scope="module")
def driver() -> Iterator[Drivers]:
    """Give a process that runs checks one after another."""
    made = Drivers(1)
    yield made
    made.close()


@pytest.fixture
def make(make_lab: MakeLab, driver: Drivers, tmp_path: Path) -> Make:
    """Give a function that makes a service for a simulator with the given settings."""
    return lambda **settings: Service(make_lab(**{"users": 20, **settings}), driver, tmp_path)


@pytest.fixture
def service(make: Make) -> Service:
    """Give a service in good health."""
    return make()
