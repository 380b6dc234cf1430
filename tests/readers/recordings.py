"""What Centreon's connector was recorded to do: command lines, files that it got, answers."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent / "connector" / "recordings.jsonl"

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "66666666-7777-8888-9999-000000000000"
SECRET = "s3cr3t~Value"
STANDARD = (
    f"--tenant={TENANT}",
    f"--client-id={CLIENT}",
    f"--client-secret={SECRET}",
    "--login-endpoint={BASE}",
    "--graph-endpoint={BASE}",
    "--statefile-dir={STATE}",
)
PLUGIN = "--plugin=cloud::microsoft::office365::skype::plugin"

_LINES = [json.loads(line) for line in HERE.read_text("utf-8").split("\n")[:-1]]


def _content(line: dict[str, Any]) -> bytes:
    return line["text"].encode() if "text" in line else base64.b64decode(line["base64"])


FILES = {line["file"]: _content(line) for line in _LINES if "file" in line}
RECORDINGS: dict[str, dict[str, Any]] = {line["id"]: line for line in _LINES if "id" in line}
"""By name: class, options beyond the standard ones (or the whole argv), function, files, answer."""


def of_class(*classes: str) -> list[str]:
    """Give the names of the recordings of some classes."""
    return [name for name, recording in RECORDINGS.items() if recording["class"] in classes]


def words(recording: dict[str, Any]) -> list[str]:
    """Give the whole command line, with its placeholders."""
    if "argv" in recording:
        return list(recording["argv"])
    return whole(recording["options"])


def whole(options: list[str]) -> list[str]:
    """Add the standard options to some."""
    return [PLUGIN, *STANDARD, *options]


def bodies(recording: dict[str, Any]) -> dict[tuple[str, str], bytes]:
    """Give the two files as the simulator takes them."""
    asked = ("D7", recording["day"])
    return {
        (recording["function"], parameter): FILES[name]
        for parameter, name in zip(asked, recording["files"], strict=True)
        if name and parameter
    }
