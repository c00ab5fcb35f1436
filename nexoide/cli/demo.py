"""demo: a small service that fails, in a repository of its own, and how it is healed; on the screen or without one."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption
from nexoide.errors import NexoideError, UnavailableError

if TYPE_CHECKING:
    from nexoide.demo.project import Project
    from nexoide.workspace import Workspace

RATE = 25.0
"""Requests per second while the screen shows the demo."""


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Play the whole story without a screen, then clean up.")] = False,
    as_json: JsonOption = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the folder when everything has ended.")] = False,
    folder: Annotated[Path | None, typer.Option("--dir", metavar="PATH", help="An empty folder for it; default: a temporary one.")] = None,
) -> None:
    """Show nexoide on a small order service with four defects: no key, no network, nothing of yours is touched."""
    if headless or as_json:
        raise typer.Exit(_headless(folder, as_json=as_json, keep=keep))
    raise typer.Exit(_on_screen(folder, keep=keep or folder is not None))


def _on_screen(folder: Path | None, *, keep: bool) -> int:
    """Open the screen on it; where everything was ended from there, nothing is left behind."""
    from nexoide.cli import launch
    from nexoide.cli.screen import need_terminal, open_screen
    from nexoide.demo.project import create_project
    from nexoide.workspace import Workspace

    need_terminal()
    sys.stderr.write("Making a small shop with a few defects, and starting it …\n")
    project = create_project(folder or _temporary(), rate=RATE)
    where = Workspace(project.root)
    launch.start(where)
    code = open_screen(where)
    if not launch.running_pid(where):
        _clean_up(project, keep=keep, temporary=folder is None)
    return code


def _headless(folder: Path | None, *, as_json: bool, keep: bool) -> int:
    """Play the story; exit code 0 only where all of it truly happened."""
    from nexoide.cli.output import emit, emit_json, emit_sentence
    from nexoide.demo.project import create_project
    from nexoide.demo.story import play

    with _terminable():
        project = create_project(folder or _temporary())
        try:
            with _supervisor(project):
                report = asyncio.run(play(project, (lambda text: None) if as_json else emit))
        finally:
            _clean_up(project, keep=keep, temporary=folder is None)
    if as_json:
        emit_json(report.document())
    else:
        emit("All of it truly happened." if not report.problems else "Not all of it happened.")
    for problem in report.problems:
        emit_sentence(f"nexoide: {problem}")
    return NexoideError.exit_code if report.problems else 0


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="nexoide-demo-")) / "shop"


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the story as Ctrl-C does, so that nothing is left behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _supervisor(project: Project) -> Iterator[None]:
    """Start the supervisor as a process of its own; end it, with its targets, whatever happens."""
    from nexoide.cli import launch
    from nexoide.workspace import Workspace

    where = Workspace(project.root)
    launch.start(where)
    try:
        yield
    finally:
        _end(where)


def _end(where: Workspace) -> None:
    from nexoide.cli import launch

    try:
        launch.stop(where)
    except UnavailableError:
        launch.kill_children()


def _clean_up(project: Project, *, keep: bool, temporary: bool) -> None:
    from nexoide.cli.output import emit_sentence
    from nexoide.workspace import Workspace

    shutil.rmtree(Workspace(project.root).runtime, ignore_errors=True)
    if keep:
        emit_sentence(f"The demo's folder is kept: {project.root}")
    else:
        shutil.rmtree(project.root.parent if temporary else project.root, ignore_errors=True)
