"""Runs a target's tests in the sandbox, on a throw-away copy, and says test by test what came out."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from nexoide.errors import UnavailableError, UsageError
from nexoide.sandbox import interpreter, scratch
from nexoide.sandbox.compare import Comparison, compare
from nexoide.sandbox.confinement import Confinement, Held, available, chosen
from nexoide.sandbox.interpreter import Interpreter
from nexoide.sandbox.launch import Launcher, Prepared
from nexoide.sandbox.process import Ended, execute
from nexoide.sandbox.profile import Limits, Profile, base_environment, checked_folder
from nexoide.sandbox.report import Outcome, TestReport, read_report

__all__ = ["Comparison", "Confinement", "Outcome", "TestReport", "TestRun", "available", "compare", "run_tests"]

_INSIDE = Path(__file__).resolve().parent / "inside"
_MAX_OUTPUT = 8192
_PYTHONS = frozenset({"python", "python3"})
_PYTESTS = frozenset({"pytest", "py.test"})


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run: `command` in `folder`, a copy that may be spoilt, with the interpreter `python` of the target.

    `python`, `python3` and `pytest` at the command's start mean that interpreter. `env` is added to a clean
    environment. `timeout` is in seconds of wall time. `workspace` is where the copy's original lies: the process sees
    the copy there, so that an editable installation runs what is tested.
    """

    __test__: ClassVar[bool] = False  # pytest must not take it for a test

    folder: Path
    command: tuple[str, ...]
    python: str
    env: dict[str, str] = field(default_factory=dict)
    timeout: float = 120.0
    memory_mb: int = 2048
    extra_read: tuple[Path, ...] = ()
    workspace: Path | None = None


async def run_tests(run: TestRun, *, launcher: Launcher | None = None) -> TestReport:
    """Run the tests confined and return what came out; a run that could not begin is a report with a `problem`.

    `launcher` defaults to the strongest that passed the self-test. Raises RefusedError where the folder cannot be a
    copy, and UsageError where the command is empty. Cancelling ends the tests first.
    """
    if not run.command:
        raise UsageError("The target has no test command: set 'tests' in its settings.")
    folder = checked_folder(run.folder)
    held = await chosen(launcher)
    try:
        async with scratch.folder() as own:
            profile, missing = await _profile(run, folder, own)
            if missing:
                return TestReport(exit_code=None, seconds=0.0, confinement=held.confinement, problem=missing)
            prepared = held.launcher.prepare(profile)
            try:
                ended = await execute(prepared, timeout=run.timeout)
            finally:
                await _close(prepared)
            return _report(ended, own / "report" / "outcomes", held, run)
    except UnavailableError as error:
        return TestReport(exit_code=None, seconds=0.0, confinement=held.confinement, problem=error.sentence)


def _report(ended: Ended, path: Path, held: Held, run: TestRun) -> TestReport:
    found = read_report(path)
    timed_out, unstarted = ended.stopped == "timeout", ""
    problem = found.problem
    if ended.stopped == "":
        unstarted = held.launcher.started(ended.status)
        problem = unstarted or problem
    elif timed_out:
        problem = f"The tests were stopped after {run.timeout:g} s."
    else:
        problem = "The tests were stopped: they printed without end."
    return TestReport(
        outcomes=found.outcomes,
        exit_code=None if unstarted else ended.exit_code,
        seconds=ended.seconds,
        timed_out=timed_out,
        confinement=held.confinement,
        # escapes are up to four times as long as the bytes they stand for
        output_tail=ended.output.encode()[-_MAX_OUTPUT:].decode("utf-8", "ignore"),
        has_ids=found.seen,
        messages=found.messages,
        finished=found.finished and ended.stopped == "",
        problem=problem,
    )


async def _profile(run: TestRun, folder: Path, own: Path) -> tuple[Profile, str]:
    target = await interpreter.describe(run.python)
    command, python, missing = await _command(run.command, target)
    report = own / "report"
    report.mkdir(mode=0o700)
    env = {**base_environment(python.executable.parent), **{name: value for name, value in run.env.items() if not name.startswith("NEXOIDE_")}}
    env["NEXOIDE_OUTCOMES"] = str(report / "outcomes")
    env["NEXOIDE_OTHER_PLUGINS"] = env.get("PYTEST_PLUGINS", "")
    env["PYTEST_PLUGINS"] = ",".join(filter(None, ["nexoide_outcomes", env.get("PYTEST_PLUGINS", "")]))
    borrowed = [] if python is target else [str(path) for path in target.packages]
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_INSIDE), *borrowed, env.get("PYTHONPATH", "")]))
    workspace = run.workspace.resolve() if run.workspace else None
    roots = tuple(path for path in (*target.roots, *python.roots) if not _belongs_to(path, workspace, target))
    profile = Profile(
        command=command,
        folder=folder,
        env=env,
        scratch=own,
        readable=(*roots, _INSIDE, *run.extra_read),
        writable=(report,),
        seen_as=workspace if workspace and workspace != folder and workspace.is_dir() else None,
        limits=Limits(memory_mb=run.memory_mb, cpu_seconds=math.ceil(run.timeout) + 1),
    )
    return profile, missing


def _belongs_to(path: Path, workspace: Path | None, target: Interpreter) -> bool:
    """Return whether `path` is the original of what is tested, which the copy stands for, and not the environment kept in it."""
    if workspace is None or not path.is_relative_to(workspace):
        return False
    return not (path.is_relative_to(target.prefix) or path.is_relative_to(target.base_prefix))


async def _command(command: tuple[str, ...], target: Interpreter) -> tuple[tuple[str, ...], Interpreter, str]:
    """Return the command on the interpreter that runs it, and a sentence where pytest is asked for and cannot be had."""
    first, rest = command[0], command[1:]
    if first in _PYTESTS:
        resolved = (str(_INSIDE / "nexoide_pytest.py"), *rest)
    elif first in _PYTHONS or first == str(target.executable):
        resolved = rest
    else:
        return command, target, ""
    if not (first in _PYTESTS or rest[:2] == ("-m", "pytest")) or target.has_pytest:
        return (str(target.executable), *resolved), target, ""
    ours = await interpreter.describe(sys.executable)
    if not (ours.has_pytest and ours.cache_tag == target.cache_tag and ours.base_prefix == target.base_prefix):
        name = f"{target.executable} (Python {'.'.join(map(str, target.version))})"
        return command, target, f"{name} has no pytest: install it there, or name another test command in the target's settings."
    return (str(ours.executable), *resolved), ours, ""


async def _close(prepared: Prepared) -> None:
    await asyncio.shield(asyncio.to_thread(prepared.close))
