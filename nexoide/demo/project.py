"""The demo's workspace: a real git repository with a small order service, in a folder of its own."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from nexoide.demo import history, traffic
from nexoide.errors import UsageError
from nexoide.vcs.create import create_repository
from nexoide.workspace import CONFIG_NAME

SERVICE = "shop"
TRAFFIC = "traffic"
DEFECTS = {
    "shop/orders.py": ("AttributeError", "POST /orders/ID/cancel"),
    "shop/quotes.py": ("TypeError", "POST /quotes"),
    "shop/support.py": ("AttributeError", "POST /questions (frequent)"),
    "shop/pricing.py": ("AttributeError", "POST /orders (old coupon)"),
}
"""The service's defects: the file that must change, the class of the error, and the route of the traffic that meets it."""

_SETTINGS = """\
# What nexoide supervises here. 'nexoide init --print' describes every key.
name = "shop"

[targets.{service}]
command = {command}
tests = {tests}
tests_timeout = 60
{traffic}
[policy]
mode = "review"          # a human decides everything
probation_passes = 10    # executions of the healed lines without a recurrence, and
probation_seconds = 3.0  # seconds without one, before an incident counts as resolved
"""

_TRAFFIC_SETTINGS = """
[targets.{name}]
command = {command}
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A created demo: its folder, and where the service answers once it runs."""

    root: Path
    port: int
    head: str

    @property
    def url(self) -> str:
        """The service's address."""
        return f"http://127.0.0.1:{self.port}"


def create_project(root: Path, *, rate: float = 0.0) -> Project:
    """Make the demo's repository in the folder `root`, which must be empty or absent.

    With a `rate` (requests per second) the traffic is a second supervised target, so that it outlives the screen.
    Raises UsageError where the folder is not empty, RepositoryError where git fails.
    """
    root = root.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root} is not an empty folder: name another one, or leave --dir away for a temporary one.")
    port = free_port()
    settings = settings_text(port, rate).encode()
    head = create_repository(root, [*history.commits(), ("Run the shop under nexoide", {CONFIG_NAME: settings})])
    return Project(root, port, head)


def settings_text(port: int, rate: float) -> str:
    """Return the demo's nexoide.toml; interpreters are named by their full paths, as the service has no environment of its own."""
    command = [sys.executable, "-m", "shop", "--port", str(port)]
    driver = [sys.executable, str(Path(traffic.__file__)), f"http://127.0.0.1:{port}", "--rate", f"{rate:g}"]
    return _SETTINGS.format(
        service=SERVICE,
        command=_toml(command),
        tests=_toml([sys.executable, "-m", "pytest", "-q"]),
        traffic=_TRAFFIC_SETTINGS.format(name=TRAFFIC, command=_toml(driver)) if rate else "",
    )


def _toml(argv: list[str]) -> str:
    return json.dumps(shlex.join(argv), ensure_ascii=False)


def free_port() -> int:
    """Return a port of the loopback interface that is free now; it stays the service's for good, so that a restart keeps it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
