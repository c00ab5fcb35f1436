"""The keys that decide, for every screen that shows a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexoide.errors import NexoideError
from nexoide.tui.decide import Action, View, possible
from nexoide.tui.screens.base import BaseScreen
from nexoide.tui.widgets.diff import DiffView

if TYPE_CHECKING:
    from nexoide.model.patch import Patch
    from nexoide.tui.pin import Pinned

_DECISIONS: dict[str, Action] = {"approve": "approve", "reject": "reject", "reject_because": "reject", "revert": "revert"}


class DecidingScreen(BaseScreen):
    """Shows the patch that is its subject in a diff, pinned, and turns a, x and r into decisions about that."""

    explaining = False
    """Whether the decision that is being made is to have a reason."""

    _loading: tuple[str, ...] = ()

    @property
    def diff(self) -> DiffView:
        """The diff."""
        return self.query_one(DiffView)

    def subject(self) -> Patch | None:
        """Return the patch that the keys are about."""
        raise NotImplementedError

    def view(self) -> View | None:
        """Return what of the subject is on the screen."""
        diff = self.diff
        if diff.pinned is None or not diff.is_on_screen:
            return None
        return View(diff.pinned, diff.since, diff.unseen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is possible now."""
        decision = _DECISIONS.get(action)
        if decision is not None:
            patch = self.subject()
            if self.nexoide.feed.connection.state != "connected":
                return False
            return not self.tiny and possible(decision, patch) and patch is not None and patch.id not in self.nexoide.sending
        return True

    def action_approve(self) -> None:
        """Approve what is shown."""
        self.nexoide.desk.press("approve", self.view(), self.subject())

    def action_revert(self) -> None:
        """Take back what is shown."""
        self.nexoide.desk.press("revert", self.view(), self.subject())

    def action_reject(self) -> None:
        """Reject what is shown."""
        self.nexoide.desk.press("reject", self.view(), self.subject())

    def action_reject_because(self) -> None:
        """Reject what is shown, with a reason."""
        self.explaining = True
        try:
            self.nexoide.desk.press("reject", self.view(), self.subject())
        finally:
            self.explaining = False

    def ask_reason(self, pinned: Pinned) -> None:
        """Ask why a patch is rejected, and reject it."""
        focused = self.focused

        def answered(reason: str | None) -> None:
            if focused is not None:
                focused.focus()
            if reason is not None:
                self.nexoide.decide("reject", pinned, reason)

        self.prompt.ask(f"Reject {pinned.patch.id}: why?", answered)

    def show_subject(self) -> None:
        """Bring the diff of the subject to the screen, fetching its bytes where they are not here yet."""
        patch = self.subject()
        if patch is None:
            self._loading = ()
            self.diff.set_pinned(None, ())
            return
        pinned = self.nexoide.sealed(patch)
        if pinned is not None:
            self._loading = ()
            self.diff.set_pinned(pinned)
            return
        key = (patch.id, *(change.new_sha256 for change in patch.files))
        if key != self._loading:
            self._loading = key
            self.diff.set_pinned(None, ("Reading the patch…",))
            self.run_worker(self._load(patch), group="pin", exclusive=True, exit_on_error=False)

    async def _load(self, patch: Patch) -> None:
        try:
            await self.nexoide.load_files(patch)
        except NexoideError as error:
            self.diff.set_pinned(None, (error.sentence,))
            return
        self.show_subject()
        self.refresh_bindings()
