"""Test runs in throw-away copies of the workspace: the baseline once a commit, each patch on its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nexoide.config import TargetSettings
from nexoide.errors import RefusedError
from nexoide.sandbox.tests_run import Comparison, TestReport, TestRun, compare, run_tests
from nexoide.vcs.repository import Repository

_LEFT_OUT = frozenset({".git", ".nexoide", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_MAX_COPY = 512 << 20
_KEPT_BASELINES = 8
_PREFIX = "nexoide-bench-"


@dataclass(frozen=True, slots=True)
class BenchResult:
    """A patch's test run beside that of its base, and what came out."""

    baseline: TestReport
    patched: TestReport
    comparison: Comparison


class TestBench:
    """Runs a target's tests with and without a patch; never in the operator's own tree."""

    __test__ = False

    def __init__(self, *, root: Path, repository: Repository | None, python_of: Callable[[str], str]) -> None:
        self._root, self._repository, self._python_of = root, repository, python_of
        self._baselines: dict[tuple[object, ...], asyncio.Future[TestReport]] = {}

    async def compare(self, target: str, settings: TargetSettings, commit: str, changes: Mapping[str, bytes]) -> BenchResult:
        """Return both reports; raises NexoideError where no copy can be made or the tests cannot be run."""
        baseline, patched = await asyncio.gather(self.baseline(target, settings, commit), self._run(target, settings, commit, changes))
        return BenchResult(baseline, patched, compare(baseline, patched))

    async def baseline(self, target: str, settings: TargetSettings, commit: str) -> TestReport:
        """Return the report of the unpatched tree: run once a commit, and every time where there is no git."""
        if not commit:
            return await self._run(target, settings, commit, {})
        key = (commit, target, settings.tests, self._python_of(target), tuple(sorted(settings.env.items())), settings.tests_timeout)
        known = self._baselines.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            while len(self._baselines) >= _KEPT_BASELINES:
                self._baselines.pop(next(iter(self._baselines)))
            known = self._baselines[key] = asyncio.ensure_future(self._run(target, settings, commit, {}))
        return await asyncio.shield(known)

    async def _run(self, target: str, settings: TargetSettings, commit: str, changes: Mapping[str, bytes]) -> TestReport:
        stack = contextlib.ExitStack()
        try:
            parent = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-"))
            folder = await asyncio.to_thread(lambda: stack.enter_context(self._copy(commit, Path(parent))))
            for path, data in changes.items():
                (folder / path).write_bytes(data)
            run = TestRun(
                folder=folder,
                command=settings.tests,
                python=self._python_of(target),
                env=dict(settings.env),
                timeout=settings.tests_timeout,
                workspace=self._root,
            )
            return await run_tests(run)
        finally:
            await asyncio.to_thread(stack.close)

    def prune(self) -> None:
        """Remove the folders that a killed supervisor left behind."""
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if owner.isdecimal() and not Path(f"/proc/{owner}").exists() and folder.lstat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Stop the baselines that still run."""
        for running in self._baselines.values():
            running.cancel()

    @contextlib.contextmanager
    def _copy(self, commit: str, parent: Path) -> Iterator[Path]:
        if self._repository is not None and commit:
            with self._repository.worktree(commit, parent) as folder:
                yield folder
            return
        folder = parent / "copy"
        _copy_tree(self._root, folder)
        yield folder


def _copy_tree(source: Path, target: Path) -> None:
    """Copy the plain files of a folder, without links out of it, caches and environments; raises RefusedError above 512 MiB."""
    total = 0
    for here, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not (Path(here) / name).is_symlink()]
        into = target / Path(here).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        for name in names:
            path = Path(here) / name
            if path.is_symlink() or not path.is_file():
                continue
            total += path.stat().st_size
            if total > _MAX_COPY:
                raise RefusedError("The folder holds more than 512 MiB, too much to copy for a test run: run 'git init' and commit what is code.")
            shutil.copy2(path, into / name)
