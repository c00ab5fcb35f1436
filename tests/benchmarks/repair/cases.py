"""The failing programs of `tests/corpus/crash/`, and what the hidden checks say of a patched copy."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "corpus" / "crash"
SECONDS = 30


@dataclass(frozen=True)
class Case:
    """One failing program: `expect` is "patch" or "none"."""

    folder: Path
    split: str
    group: str
    command: tuple[str, ...]
    expect: str
    note: str

    @property
    def name(self) -> str:
        """Its place below the split."""
        return f"{self.group}/{self.folder.name}"

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Yield a copy of the failing program in a folder of its own."""
        with tempfile.TemporaryDirectory(prefix="nexoide-case-") as parent:
            folder = Path(parent) / "program"
            shutil.copytree(self.folder / "program", folder, ignore=shutil.ignore_patterns("__pycache__"))
            yield folder


def cases(split: str, words: tuple[str, ...] = (), corpus: Path = CORPUS) -> list[Case]:
    """Return the cases of a split ("dev", "held"), those whose name holds one of `words`, without those that need what is not installed."""
    found = []
    for path in sorted((corpus / split).glob("*/*/case.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        folder = path.parent
        if any(importlib.util.find_spec(name) is None for name in raw.get("requires", [])):
            continue
        case = Case(folder, split, folder.parent.name, tuple(raw["command"]), raw["expect"], raw.get("note", ""))
        if not words or any(word in case.name for word in words):
            found.append(case)
    return found


def environment() -> dict[str, str]:
    """Return the environment in which `python` is ours."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}", "PYTHONDONTWRITEBYTECODE": "1"}


def is_right(case: Case, diff: str) -> tuple[bool, str]:
    """Say whether the program patched by `diff` passes the hidden check, and what the check said."""
    with case.copy() as folder:
        applied = subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=diff.encode(), capture_output=True, check=False)
        if applied.returncode:
            return False, f"the diff does not apply: {applied.stderr.decode(errors='replace')[:200]}"
        try:
            done = subprocess.run(
                [sys.executable, "-B", str(case.folder / "hidden.py")],
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False, "the hidden check did not end"
        return done.returncode == 0, done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1][:200]
