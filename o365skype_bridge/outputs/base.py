"""What an output is: a name, its options, and two pure functions from values to text."""

from __future__ import annotations

from o365skype_bridge.model.frozen import Frozen

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from o365skype_bridge.errors import BridgeError
    from o365skype_bridge.model.declare import Report
    from o365skype_bridge.model.options import Option
    from o365skype_bridge.model.values import Collection


class Rendered(Frozen):
    """What is printed on stdout, and the exit code that goes with it."""

    text: str
    exit_code: int = 0


def no_options(_reports: Sequence[Report]) -> tuple[Option, ...]:
    """Give no options."""
    return ()


def anything(_options: Mapping[str, Any], _reports: Sequence[Report]) -> None:
    """Refuse nothing."""


class Output(Frozen):
    """One output.

    ``render`` turns a collection into text, by the output's own option values and the
    warnings that belong to the run. ``metric_options`` gives the options that there are for
    the metrics of reports, such as thresholds. ``validate`` raises `UsageError` for option values
    that make no sense for the reports asked for. ``fail`` does so for an error that left no
    collection.
    ``quiet`` says that the reader of this output takes stderr for data, ``brief`` that troubles
    with the state, which cost no figure, are for who asks ``--verbose``. ``tenants`` lists the
    tenants alone, by their names, the clock and the warnings, for who asks ``--tenants-only``.
    ``to`` names the file that the answer goes to, where it is not printed.
    """

    name: str
    help: str
    render: Callable[[Collection, Mapping[str, Any], tuple[str, ...]], Rendered]
    fail: Callable[[BridgeError], Rendered]
    options: tuple[Option, ...] = ()
    metric_options: Callable[[Sequence[Report]], tuple[Option, ...]] = no_options
    validate: Callable[[Mapping[str, Any], Sequence[Report]], None] = anything
    quiet: bool = False
    brief: bool = False
    tenants: Callable[[tuple[str, ...], float, tuple[str, ...]], Rendered] | None = None
    to: str = ""
