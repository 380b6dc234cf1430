"""A kept file whose values somebody replaced, checksum and all, leads to no defect."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from accounts import DEVICES, folder_of
from catalogue import DEVICES_USAGE
from conftest import Lab

from o365skype_bridge import outputs
from o365skype_bridge.engine.fallback import served
from o365skype_bridge.model.options import defaults
from o365skype_bridge.model.outcome import Outcome
from o365skype_bridge.model.values import Collection
from o365skype_bridge.settings.values import Tenant
from o365skype_bridge.state.held import Held
from o365skype_bridge.state.store import MAGIC, SCHEMA, Store

ODD: list[Any] = [None, "x", "", [], {}, [1], -1, 1e999, float("nan"), 10**400, True, "9" * 5000]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give where there is a value, from the outermost on."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(content: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Give a copy with another value in a place."""
    copy = json.loads(json.dumps(content))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return copy


def write(path: Path, content: Any) -> None:
    """Write a kept file as we do."""
    body = json.dumps(content).encode()
    path.write_bytes(b"%s %d %08x %d\n" % (MAGIC, SCHEMA, zlib.crc32(body), len(body)) + body)


def used(held: Held, now: float) -> None:
    """Do with what was read what every answer does with it."""
    held.is_fresh(now, 3600.0, "mark")
    held.is_held_off(now, "mark")
    held.confirming("mark", now)
    assert len(held.stamp) == 2
    cause = held.failure.outcome if held.failure else Outcome(kind="unreachable", message="away")
    shown = [served(held, DEVICES_USAGE, "contoso", cause, now=now, max_age=1e6)]
    if held.result is not None:
        shown.append(held.result)
    for name in outputs.OUTPUTS:
        output = outputs.load(name)
        for result in shown:
            output.render(Collection(results=(result,), now=now), defaults(output.options), ())


@pytest.mark.parametrize("failing", [False, True])
def test_no_value_of_a_kept_file_is_trusted_to_be_of_its_kind(lab: Lab, *, failing: bool) -> None:
    """Each is refused with the file, or is of use to every output."""
    lab.run("collect", *DEVICES)
    if failing:
        lab.simulator.set_faults(["forbidden-flat@reports"])
        lab.run("collect", *DEVICES, "--refresh-interval", "0")
    path = folder_of(lab, lab.state) / f"{DEVICES_USAGE.name}.json"
    good = json.loads(path.read_bytes().partition(b"\n")[2])
    tenant = Tenant(
        **{name: getattr(lab.tenant(), name) for name in Tenant.fields}
        | {"name": lab.tenant().tenant_id}
    )
    now = time.time()
    for place in places(good):
        for odd in ODD:
            write(path, changed(good, place, odd))
            store = Store(str(lab.state), tenant)
            try:
                used(store.load(DEVICES_USAGE, now), now)
            except Exception as error:
                raise AssertionError((place, odd)) from error
