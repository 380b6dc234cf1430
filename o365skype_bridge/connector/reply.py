"""What there is to say to whoever called the connector: an answer, or something instead of one."""

from __future__ import annotations

from o365skype_bridge.outputs import thresholds

TYPE_CHECKING = False  # the real one lives in `typing`, which a warm answer does not import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from o365skype_bridge.outputs.lines import Part
    from o365skype_bridge.outputs.perfdata import Item


class Stop(Exception):  # noqa: N818 listings are no errors
    """Something to say instead of an answer.

    ``state`` is that of ``--opt-exit`` unless it is given. Without ``labelled`` the line does
    not begin with the state. ``details`` follow the line, however long they are.
    """

    def __init__(
        self,
        text: str,
        details: Sequence[str] = (),
        *,
        labelled: bool = True,
        state: int | None = None,
    ) -> None:
        """Keep what is to be said."""
        super().__init__(text)
        self.details = details
        self.labelled = labelled
        self.state = state


class Answer:
    """What there is to say: parts and remarks of the status line, items, long output."""

    def __init__(  # noqa: PLR0913 each says what it is by name
        self,
        parts: list[Part],
        items: list[Item],
        details: Sequence[str],
        remarks: Sequence[str] = (),
        *,
        reasons: Sequence[Part] = (),
        labelled: bool = True,
        whole: bool = False,
    ) -> None:
        """Take it as it is; what is for people is printed ``whole``, however long it is."""
        self.parts = parts
        self.items = items
        self.details = list(details)
        self.remarks = remarks
        self.reasons = reasons
        self.labelled = labelled
        self.whole = whole
        self.state = thresholds.worst([state for state, _ in (*reasons, *parts)])
