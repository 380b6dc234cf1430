"""Templates to text: where the templates are, and Jinja set up so that nothing is pasted unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from o365skype_bridge import __version__

_PACKAGE = Path(__file__).parent.parent


def folder() -> Path:
    """Give the folder of the templates: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def environment(target: str, filters: Mapping[str, Callable[..., str]]) -> Environment:
    """Set up the templates of one target, with the filters that quote for its format."""
    made = Environment(
        loader=FileSystemLoader(folder() / target),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - no HTML: every target quotes with filters of its own
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters)
    made.globals["version"] = __version__
    return made


def render(
    target: str, template: str, filters: Mapping[str, Callable[..., str]], **values: Any
) -> str:
    """Fill one template; an undefined name is an error, not an empty text."""
    return environment(target, filters).get_template(template).render(**values)
