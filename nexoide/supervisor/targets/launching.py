"""What a target is started with: its environment, and the Python that its command names."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import nexoide
from nexoide.config import TargetSettings
from nexoide.workspace import Workspace

_PYTHON = re.compile(r"(python|pypy)[0-9.]*t?")


def environment(workspace: Workspace, name: str, added: Mapping[str, str], token: str) -> dict[str, str]:
    """Return what a target's process sees: ours, what its settings add, and what puts the probe on its path."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_PROBE_")} | dict(added)
    bootstrap = str(Path(nexoide.__file__).parent / "probe" / "bootstrap")
    old = env.get("PYTHONPATH", "")
    env["PYTHONPATH"] = f"{bootstrap}{os.pathsep}{old}" if old else bootstrap
    env["PYTHONPYCACHEPREFIX"] = str(workspace.state / "pycache")
    env["NEXOIDE_PROBE_SOCKET"] = str(workspace.probe_socket)
    env["NEXOIDE_PROBE_TOKEN"] = token
    env["NEXOIDE_PROBE_TARGET"] = name
    env["NEXOIDE_PROBE_ROOT"] = str(workspace.root)
    return env


def plain_environment(added: Mapping[str, str]) -> dict[str, str]:
    """Return what a health check's command sees: ours and what the target's settings add, without anything of the probe."""
    return {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_PROBE_")} | dict(added)


def interpreter(settings: TargetSettings, root: Path) -> str:
    """Return the Python that a target's command names (itself, or by its `#!` line), else our own."""
    path = settings.env.get("PATH", os.environ.get("PATH", os.defpath))
    folder = root / settings.cwd
    command = settings.command[0]
    found = shutil.which(str(folder / command) if os.sep in command else command, path=path)
    if found is None:
        return sys.executable
    return found if _PYTHON.fullmatch(Path(found).name) else _shebang(Path(found)) or sys.executable


def _shebang(script: Path) -> str:
    try:
        with script.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return ""
    words = first[2:].decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    return next((found for word in words if _PYTHON.fullmatch(Path(word).name) and (found := shutil.which(word))), "")
