"""The peers, installed from PyPI into throw-away environments, as the `bench` extra names them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ENGINES = ["nexoide", "nexoide-watch", "jurigged", "hmr", "autoreload-2", "autoreload-2-full", "autoreload-3", "xreload", "importlib"]
NEEDS = {"jurigged": "jurigged", "hmr": "hmr", "autoreload-2": "ipython", "autoreload-2-full": "ipython", "autoreload-3": "ipython", "xreload": "debugpy"}


def requirements() -> dict[str, str]:
    """Return the peers' requirements by name, from the `bench` extra."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        extra = tomllib.load(stream)["project"]["optional-dependencies"]["bench"]
    return {re.split(r"[^\w-]", line)[0]: line for line in extra}


def environments(folder: Path, python: str = sys.executable) -> dict[str, str]:
    """Make one environment a peer, where it is not there yet, and return the interpreter by engine; "" for a peer that cannot be installed."""
    wanted = requirements()
    found: dict[str, str] = {}
    for engine in ENGINES:
        name = NEEDS.get(engine, "watchdog")
        place = folder / name
        interpreter = place / "bin" / "python"
        if not (place / "ready").exists():
            subprocess.run([python, "-m", "venv", "--clear", str(place)], check=True, capture_output=True)
            done = subprocess.run([str(interpreter), "-m", "pip", "install", "-q", wanted[name]], capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name} cannot be installed: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            (place / "ready").touch()
        found[engine] = str(interpreter) if _version(str(interpreter), name) else ""
    return found


def versions(pythons: dict[str, str]) -> dict[str, str]:
    """Return the version of each peer that was measured."""
    return {engine: _version(pythons[engine], name) for engine, name in NEEDS.items() if pythons.get(engine)}


def _version(python: str, name: str) -> str:
    line = f"import importlib.metadata as m; print(m.version({name!r}))"
    return subprocess.run([python, "-c", line], capture_output=True, text=True, check=False).stdout.strip()
