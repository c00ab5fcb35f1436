"""Which screen opens on what: each is loaded when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from nexoide.tui.app import NexoideApp


class Opening:
    """The part of the app that puts another screen in front."""

    @property
    def _app(self) -> NexoideApp:
        return cast("NexoideApp", cast("Any", self))

    def open_patch(self, patch_id: str) -> None:
        """Open a patch."""
        from nexoide.tui.screens.patch import PatchScreen

        patch = self._app.feed.state.patches.get(patch_id)
        if patch is not None:
            self._app.desk.forget()
            self._app.push_screen(PatchScreen(patch))

    def open_incident(self, incident_id: str) -> None:
        """Open an incident."""
        from nexoide.tui.screens.incident import IncidentScreen

        self._app.push_screen(IncidentScreen(incident_id))

    def open_reload(self, reload_id: str) -> None:
        """Open what became of a save."""
        from nexoide.tui.screens.page import ReloadScreen

        self._app.push_screen(ReloadScreen(reload_id))

    def open_log(self, target: str) -> None:
        """Open the log of a target."""
        from nexoide.tui.screens.page import LogScreen

        self._app.push_screen(LogScreen(target))
