"""Runs small programs in a sandbox, as the tests of this room need it."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

import pytest

from nexoide.sandbox.bwrap import Bubblewrap
from nexoide.sandbox.interpreter import describe
from nexoide.sandbox.kernel import Kernel
from nexoide.sandbox.launch import Launcher
from nexoide.sandbox.process import Ended, execute
from nexoide.sandbox.profile import Limits, Profile, base_environment
from nexoide.sandbox.tests_run import TestReport, TestRun, run_tests

REPOSITORY = Path(__file__).resolve().parents[3]


def _namespaces_work() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0 if ctypes.CDLL(None).unshare(0x10000000 | 0x40000000 | 0x20000000) == 0 else 1)
    return os.waitpid(child, 0)[1] == 0


needs_bwrap = [pytest.mark.sandbox, pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap (bwrap) is not installed")]
needs_namespaces = [pytest.mark.sandbox, pytest.mark.skipif(not _namespaces_work(), reason="user namespaces are not allowed here")]
BWRAP = pytest.param("bwrap", marks=needs_bwrap)
KERNEL = pytest.param("kernel", marks=needs_namespaces)
both = pytest.mark.parametrize("kind", [BWRAP, KERNEL])


def launcher_of(kind: str) -> Launcher:
    """Return a launcher by name."""
    return Bubblewrap() if kind == "bwrap" else Kernel()


def copy_in(base: Path, files: dict[str, str] | None = None, name: str = "my copy") -> Path:
    """Return a new folder (with a space in its name) with these files."""
    folder = base / name
    folder.mkdir()
    for path, text in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


async def confined(
    kind: str,
    base: Path,
    code: str,
    *,
    folder: Path | None = None,
    limits: Limits | None = None,
    inherited: tuple[int, ...] = (),
    readable: tuple[Path, ...] = (),
    timeout: float = 20.0,
) -> Ended:
    """Run Python code confined; `problem` of the result is the launcher's own."""
    folder = folder or copy_in(base)
    scratch = base / f"scratch of {folder.name}"
    scratch.mkdir(exist_ok=True)
    own = await describe(sys.executable)
    launcher = launcher_of(kind)
    profile = Profile(
        command=(sys.executable, "-I", "-S", "-c", code),
        folder=folder,
        env=base_environment(None),
        scratch=scratch,
        readable=(*own.roots, *readable),
        limits=limits or Limits(memory_mb=512, cpu_seconds=20),
        inherited=inherited,
    )
    prepared = launcher.prepare(profile)
    try:
        ended = await execute(prepared, timeout=timeout)
    finally:
        prepared.close()
    if not ended.stopped:
        assert launcher.started(ended.status) == "", ended
    return ended


async def run_copy(folder: Path, *, kind: str = "", timeout: float = 60.0, **more: object) -> TestReport:
    """Run pytest on a copy."""
    run = TestRun(
        folder, ("python", "-m", "pytest", "-q", "-p", "no:asyncio", "-p", "no:xdist", "-p", "no:hypothesispytest"), sys.executable, timeout=timeout, **more
    )  # type: ignore[arg-type]
    return await run_tests(run, launcher=launcher_of(kind) if kind else None)
