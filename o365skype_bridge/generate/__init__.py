"""The targets of `generate`: each is a file here, its templates, and a line in this table."""

from __future__ import annotations

from importlib import import_module

from o365skype_bridge.generate.base import Target

TARGETS: dict[str, str] = {}


def load(name: str) -> Target:
    """Import one target and nothing of the others."""
    target: Target = import_module(f"{__name__}.{name}").TARGET
    return target
