"""What Centreon's Perl plugins and their modes are called."""

from __future__ import annotations

import re

PRODUCTS = ("skype", "teams")
MODES = ("devices-usage", "users-activity")
CUSTOM_MODE = "graphapi"

MODULE = re.compile(
    r"cloud(?:::|/)microsoft(?:::|/)office365(?:::|/)(\w+)(?:::|/)(?:plugin|mode(?:::|/)(\w+))(?:\.pm)?"
)


def plugin_name(product: str) -> str:
    """Give the plugin's name as Perl has it."""
    return f"cloud::microsoft::office365::{product}::plugin"
