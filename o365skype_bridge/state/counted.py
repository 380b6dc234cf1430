"""What was counted of a kept result for a question that is asked again and again: a file each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o365skype_bridge.state import codec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from o365skype_bridge.model.values import ReportResult
    from o365skype_bridge.state.store import Store


class Counted:
    """The kept figures of one report; ``of`` is what tells them from others of the same kind."""

    def __init__(self, store: Store, held: ReportResult, of: Sequence[str]) -> None:
        """Read nothing yet."""
        self._store = store
        self._held = held
        self._of = list(of)
        self._name = f"{held.report.name}.groups.json"

    def load(self) -> ReportResult | None:
        """Give the held result with these figures; None when others are kept, or none."""
        return self._store.kept(self._name, self._shown)

    def save(self, result: ReportResult) -> None:
        """Keep figures."""
        try:
            self._store.keep(self._name, {"of": self._of, "result": codec.encode(result)})
        except OSError as error:
            self._store.unusable(error)

    def _shown(self, content: dict[str, Any]) -> ReportResult | None:
        if content["of"] != self._of:
            return None
        held = self._held
        counted = codec.decode(content["result"], held.report, held.tenant)
        notes = tuple(dict.fromkeys((*held.notes, *counted.notes)))
        return held.replace(outcome=counted.outcome, samples=counted.samples, notes=notes)
