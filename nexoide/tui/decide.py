"""Decisions: a key decides only what has been on the screen, long enough to be read, and only under the hash it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nexoide.clock import Clock
from nexoide.tui.format import plural

if TYPE_CHECKING:
    from nexoide.model.patch import Patch
    from nexoide.tui.pin import Pinned

Action = Literal["approve", "reject", "revert"]

GRACE = 0.3
"""Seconds after a patch appeared in which no key decides: what was typed ahead was meant for something else."""

_REVERTIBLE = frozenset({"live", "not_live"})


@dataclass(frozen=True, slots=True)
class View:
    """A pinned patch on the screen: since when (monotonic seconds; None: not drawn yet), and how many lines were never in sight."""

    pinned: Pinned
    since: float | None
    unseen: int


def possible(action: Action, patch: Patch | None) -> bool:
    """Tell whether an action makes sense for a patch in its state."""
    if patch is None:
        return False
    return patch.state in _REVERTIBLE if action == "revert" else patch.state == "waiting"


class Desk:
    """Turns key presses into decisions, or into one sentence that says why not (`say`, with its level)."""

    def __init__(self, clock: Clock, say: Callable[[str, str], None], send: Callable[[Action, Pinned], None]) -> None:
        self._clock = clock
        self._say = say
        self._send = send
        self._asked: tuple[Action, str, float] | None = None

    def forget(self) -> None:
        """Drop an open question."""
        self._asked = None

    @property
    def asking(self) -> bool:
        """Whether a question waits for the same key again."""
        return self._asked is not None

    def press(self, action: Action, view: View | None, patch: Patch | None) -> None:
        """Decide `patch` as it is in `view`, ask once where that is due, or say why it cannot be."""
        now = self._clock.monotonic()
        if patch is None or not possible(action, patch):
            return
        if view is None or view.since is None or view.pinned.patch.id != patch.id:
            self._say("info", f"The diff of {patch.id} is not on the screen yet: open it first (enter).")
            return
        if now - view.since < GRACE:
            return
        if patch.digest and view.pinned.digest != patch.digest and not view.pinned.refusal:
            self._say("info", f"{patch.id} changed since it was shown: look at it again.")
            return
        if action != "reject" and view.pinned.refusal:
            self._say("error", view.pinned.refusal)
            return
        question = self._question(action, view)
        if question and not self._answered(action, view.pinned.digest, now):
            self._say("ask", question)
            return
        self._asked = None
        self._send(action, view.pinned)

    def _question(self, action: Action, view: View) -> str:
        if action == "approve" and view.unseen:
            return f"{plural(view.unseen, 'line')} not seen: press a again to approve anyway"
        return ""

    def _answered(self, action: Action, digest: str, now: float) -> bool:
        asked = self._asked
        if asked is not None and asked[:2] == (action, digest):
            return now - asked[2] >= GRACE
        self._asked = (action, digest, now)
        return False
