"""How the screen is opened: nothing heavy is imported before it is drawn."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from nexoide.workspace import Workspace

if TYPE_CHECKING:
    from nexoide.tui.feed import Source


def run(workspace: Workspace, operator: str, client_factory: Callable[[], Source] | None = None) -> int:
    """Show the workspace until the operator detaches; return the exit code (0: detached, everything runs on)."""
    prepare_terminal(os.environ)
    gc.disable()  # until the first frame: what is imported stays, and collecting among it costs a tenth of the start
    from nexoide.tui.app import NexoideApp

    app = NexoideApp(operator, client_factory or (lambda: connect(workspace)))
    return app.run() or app.return_code or 0


def prepare_terminal(environment: os._Environ[str] | dict[str, str]) -> None:
    """Send less over a slow line (Textual reads these once, when it is imported), and let the terminal alone say its size."""
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)  # a shell that exports them freezes the size at what it was when the shell looked
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        for name, value in (("TEXTUAL_ANIMATIONS", "none"), ("TEXTUAL_FPS", "20"), ("TEXTUAL_SMOOTH_SCROLL", "0")):
            environment.setdefault(name, value)


def connect(workspace: Workspace) -> Source:
    """Return the client of the workspace's supervisor."""
    from nexoide.client import Client

    client: Source = Client(workspace.socket)
    return client
