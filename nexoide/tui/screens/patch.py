"""One patch: the diff, why it was made, what was checked, how sure that makes us, and how far it got."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.geometry import Region

from nexoide.errors import NexoideError
from nexoide.model.patch import Patch
from nexoide.model.projection import State
from nexoide.model.reload import Explanation
from nexoide.tui import keys
from nexoide.tui.feed import Part
from nexoide.tui.pin import FileDiff
from nexoide.tui.screens.deciding import DecidingScreen
from nexoide.tui.screens.why import why
from nexoide.tui.text import Line
from nexoide.tui.widgets.diff import DiffDrawn, DiffView
from nexoide.tui.widgets.document import Document
from nexoide.tui.widgets.header import Header
from nexoide.tui.widgets.pipeline import Pipeline

AUTO_SPLIT = 140


class PatchScreen(DecidingScreen):
    """The view pins the patch it opened: a patch proposed anew under the same id does not replace it here."""

    SCOPE: ClassVar[keys.Scope] = "patch"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("patch")]

    def __init__(self, patch: Patch) -> None:
        super().__init__()
        self._opened = patch
        self._chosen = False
        self._explained: list[Explanation] = []
        self.why = Document(id="why", name="Why")
        self.pipeline = Pipeline(id="pipeline")

    def body(self) -> ComposeResult:
        """Place the panels."""
        with Container(id="body"):
            yield self.why
            with Container(id="right"):
                yield self.pipeline
                yield DiffView(id="diff")

    def on_mount(self) -> None:
        """Begin with the diff, where j and k scroll."""
        self.diff.focus()

    def lay_out(self) -> None:
        """Share edges; split where there is room for it."""
        narrow = self.has_class("-narrow")
        if narrow:
            self.stack(self.why, self.diff)
        else:
            self.stack(self.why)
            self.stack(self.pipeline, self.diff)
        if not self._chosen:
            self.diff.set_mode("split" if self.size.width >= AUTO_SPLIT else "unified")
        width = self.size.width - max(44, min(72, self.size.width * 2 // 7))
        self.pipeline.styles.height = 1 + self.pipeline.height_at(width - 2)

    def subject(self) -> Patch | None:
        """Return the patch as it is now, if it still is what was opened."""
        patch = self.nexoide.feed.state.patches.get(self._opened.id)
        return patch if patch is not None and patch.files == self._opened.files else None

    def take(self, parts: frozenset[Part], state: State, now: float) -> None:
        """Take over what changed of the patch."""
        patch = self.subject()
        if patch is None:
            self.nexoide.say("info", f"{self._opened.id} was proposed anew: go back and open it again.")
            return
        if parts & {"patches", "deployments", "incidents", "connection"}:
            self.pipeline.set_patch(patch, state)
            self.show_subject()
            self._explain(patch)
            self.refresh_bindings()
        self.query_one(Header).set_subject(self._headline(patch))
        self.status.show(state, now)

    def changes_in(self, now: float) -> float:
        """Nothing here runs with the clock but the header."""
        return self.query_one(Header).changes_in(now)

    def on_diff_drawn(self, message: DiffDrawn) -> None:
        """The diff is there: list its files."""
        patch = self.subject()
        if patch is not None:
            self._explain(patch)
        self.refresh_bindings()

    def _explain(self, patch: Patch) -> None:
        pinned = self.diff.pinned
        files: tuple[FileDiff, ...] = pinned.files if pinned else ()
        refusal = pinned.refusal if pinned else ""
        state = self.nexoide.feed.state
        self.why.sketch = self.pipeline.sketch() if self.has_class("-narrow") else Line()
        self.why.refresh(Region(0, 0, self.why.size.width, 1))
        self.why.set_composer(lambda width: why(patch, state, files, refusal, self.nexoide.skin, width, self._explained))

    def _headline(self, patch: Patch) -> Line:
        skin = self.nexoide.skin
        colour = "waiting" if patch.state == "waiting" else "quiet"
        line = Line(patch.id, skin.fore("strong", bold=True)).add("  ")
        line.add("waits for you" if patch.state == "waiting" else patch.state.replace("_", " "), skin.fore(colour))
        return line.add(" · ", skin.fore("faint")).add(patch.title, skin.fore("text"), 200)

    def restyle(self) -> None:
        """Draw everything with other colours."""
        super().restyle()
        patch = self.subject()
        if patch is not None:
            self._explain(patch)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is possible now."""
        if action == "change":
            return self.diff.pinned is not None and sum(len(file.hunks) for file in self.diff.pinned.files) > 1
        if action == "split":
            return self.diff.pinned is not None
        return super().check_action(action, parameters)

    def action_split(self) -> None:
        """Change between side by side and one column."""
        self._chosen = True
        self.diff.set_mode("unified" if self.diff.mode == "split" else "split")

    def action_change(self, step: int) -> None:
        """Go to the next or previous change."""
        self.diff.go_to_change(step)

    def action_log(self) -> None:
        """Open the log of the patch's program."""
        self.nexoide.open_log(self._opened.target)

    def action_explain(self) -> None:
        """Ask the running program what it would do with the patch."""
        self.run_worker(self._ask(), group="explain", exclusive=True, exit_on_error=False)

    async def _ask(self) -> None:
        try:
            self._explained = await self.nexoide.explain(self._opened.id)
        except NexoideError as error:
            self.nexoide.say("error", error.sentence)
            return
        patch = self.subject()
        if patch is not None:
            self._explain(patch)
            self.why.go_to("Live")

    def action_back(self) -> None:
        """Drop an open question, else go home."""
        if self.nexoide.desk.asking:
            self.nexoide.desk.forget()
            self.status.hush()
        else:
            self.dismiss()
