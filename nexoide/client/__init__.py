"""The typed client of the control plane: commands over HTTP, events over a WebSocket with a cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexoide.client.commands import Client
    from nexoide.client.control import Control

__all__ = ["Client", "Control"]


def __getattr__(name: str) -> object:
    # The screen needs the one and the command line the other; neither pays for both.
    if name == "Client":
        from nexoide.client.commands import Client

        return Client
    if name == "Control":
        from nexoide.client.control import Control

        return Control
    raise AttributeError(name)
