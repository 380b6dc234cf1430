"""What Centreon's Perl plugins and their modes are called."""

from __future__ import annotations

PRODUCTS = ("skype", "teams")
MODES = ("devices-usage", "users-activity")
CUSTOM_MODE = "graphapi"

FOLDERS = ["cloud", "microsoft", "office365"]


def module(name: str) -> tuple[str, str]:
    """Give the product and the mode that a Perl module is of, a plugin has no mode; else blanks."""
    parts = name.replace("::", "/").removesuffix(".pm").split("/")
    if parts[:3] != FOLDERS:
        return "", ""
    match parts[3:]:
        case [product, "plugin"]:
            return product, ""
        case [product, "mode", mode]:
            return product, mode
    return "", ""


def plugin_name(product: str) -> str:
    """Give the plugin's name as Perl has it."""
    return f"cloud::microsoft::office365::{product}::plugin"
