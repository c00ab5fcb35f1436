"""One run with --reload: the watcher, the probes' socket and the program, put together."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nexoide
from nexoide.cli.reloading.program import Program, Signals
from nexoide.cli.reloading.words import Words
from nexoide.clock import SystemClock
from nexoide.errors import RefusedError, UsageError
from nexoide.model.reload import Reload, When
from nexoide.reload import saves
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.supervisor.probes import Probes
from nexoide.workspace import make_private

if TYPE_CHECKING:
    from nexoide.reload.bursts import Burst
    from nexoide.reload.watcher import Watcher

TARGET = "program"
PROBE_SECONDS = 5.0
CATCH_UP_SECONDS = (0.1, 1.0)
"""When a process that has just attached is looked at: what it imported before it attached may be older than what was saved since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line said; `roots` are the folders that are watched, the first is what paths are shown from."""

    command: tuple[str, ...]
    roots: tuple[Path, ...]
    when: When = "auto"
    restart_on_refusal: bool = False
    as_json: bool = False
    report: Path | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    folder: Path

    @property
    def probe_socket(self) -> Path:
        """Where the probes connect."""
        return self.folder / "probe.sock"


def run(options: Options) -> int:
    """Run the program until it ends; returns its exit code."""
    runtime = os.environ.get("NEXOIDE_RUNTIME_DIR") or os.environ.get("XDG_RUNTIME_DIR")
    parent = Path(runtime) / "nexoide" if runtime else Path(tempfile.gettempdir()) / f"nexoide-{os.getuid()}"
    make_private(parent)
    place = _Place(Path(tempfile.mkdtemp(prefix="run-", dir=parent)))
    token = secrets.token_hex(32)
    program = Program(options.command, _environment(options, place, token))
    signals = Signals(program)
    words = Words(as_json=options.as_json, report=options.report)
    try:
        return asyncio.run(_Session(options, place, token, program, words).run())
    finally:
        signals.close()
        words.close()
        shutil.rmtree(place.folder, ignore_errors=True)


def _environment(options: Options, place: _Place, token: str) -> dict[str, str]:
    """Return ours, and what puts the probe on the program's path."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_PROBE_")}
    bootstrap = str(Path(nexoide.__file__).parent / "probe" / "bootstrap")
    old = env.get("PYTHONPATH", "")
    env["PYTHONPATH"] = f"{bootstrap}{os.pathsep}{old}" if old else bootstrap
    env["NEXOIDE_PROBE_SOCKET"] = str(place.probe_socket)
    env["NEXOIDE_PROBE_TOKEN"] = token
    env["NEXOIDE_PROBE_TARGET"] = TARGET
    env["NEXOIDE_PROBE_ROOT"] = str(options.roots[0])
    env["NEXOIDE_PROBE_ROOTS"] = os.pathsep.join(str(root) for root in options.roots[1:])
    return env


class _Session:
    """Bursts come on the watcher's thread, everything else happens on the event loop."""

    def __init__(self, options: Options, place: _Place, token: str, program: Program, words: Words) -> None:
        self._options, self._place, self._program, self._words = options, place, program, words
        self._root = options.roots[0]
        self._clock = SystemClock()
        self._probes = Probes(
            place,
            authenticate=lambda said: TARGET if secrets.compare_digest(said.encode("utf-8", "replace"), token.encode()) else None,
            on_failure=lambda *_: None,
            on_attach=self._attached,
            on_detach=lambda *_: None,
            on_passes=lambda *_: None,
            on_notice=words.notice,
        )
        self._coordinator = ReloadCoordinator(self._probes)
        self._seen = False
        self._count = 0
        self._saved: dict[Path, str] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watcher: Watcher | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> int:
        """Watch first, then start the program, so that no save falls between; returns its exit code."""
        from nexoide.reload.watcher import Watcher

        self._loop = asyncio.get_running_loop()
        await self._probes.start()
        self._watcher = Watcher([str(root) for root in self._options.roots], self._on_burst, on_notice=self._on_notice)
        try:
            await asyncio.to_thread(self._watcher.start)
            self._program.start()
            hint = self._loop.call_later(PROBE_SECONDS, self._miss_probe)
            try:
                return await self._program.run()
            finally:
                hint.cancel()
        finally:
            await self._close()

    async def _close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._watcher is not None:
            await asyncio.to_thread(self._watcher.stop)
        await self._probes.close()

    # on the watcher's thread

    def _on_burst(self, burst: Burst) -> None:
        if self._loop is None or self._watcher is None or self._loop.is_closed():
            return
        taken = asyncio.run_coroutine_threadsafe(self._take(burst), self._loop)
        try:
            saves.settle(burst, taken.result(), self._watcher)
        except (asyncio.CancelledError, TimeoutError):
            return  # the program has ended

    def _on_notice(self, sentence: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._words.notice, sentence)

    # on the event loop

    async def _take(self, burst: Burst) -> saves.Taken:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._count += 1
        files = saves.saved_files(burst, self._root)
        reload = Reload(id=f"L-{self._count}", target=TARGET, files=files, began_at=self._clock.wall())
        taken = await saves.take(burst, reload, self._root, self._coordinator, self._options.when)
        restart = self._options.restart_on_refusal and taken.needs_restart
        if taken.outcome.state != "refused":
            self._remember(burst)
        if restart:
            self._remember(burst)
            others = self._probes.attached(TARGET)
            await self._program.restart(others)
            taken = saves.restarted(taken)
        if taken.outcome.state == "absent" and not self._seen:
            return taken  # it has not begun to run our probe: it reads what was saved when it imports it
        self._words.burst(taken, restarted=restart)
        return taken

    def _remember(self, burst: Burst) -> None:
        for file in saves.texts(burst, self._root)[0]:
            if file.new is not None:
                self._saved[file.path] = file.new
            else:
                self._saved.pop(file.path, None)

    def _attached(self, target: str, hello: dict[str, Any]) -> None:
        self._seen = True
        if hello.get("free_threaded"):
            self._words.notice("this interpreter runs without its global lock, where no swap can be atomic: saves are not taken over.")
        if self._saved and self._loop is not None:
            task = self._loop.create_task(self._catch_up(int(hello["pid"])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, pid: int) -> None:
        """Bring a process that attached later (a child, a fork) to what was saved since the program was started."""
        for pause in CATCH_UP_SECONDS:
            await asyncio.sleep(pause)
            files = [FileText(path=path, base=None, new=text) for path, text in self._saved.items()]
            outcome = await self._coordinator.follow(TARGET, files, [pid])
            if outcome.state == "refused":
                self._words.notice(f"process {pid}, which attached later, runs older code than what was saved: {outcome.sentence}")
                return

    def _miss_probe(self) -> None:
        if not self._seen and self._program.pid:
            why = "is it Python, and do its options (-I, -E, -S) or its launcher leave PYTHONPATH and the environment alone?"
            self._words.notice(f"no probe attached within {PROBE_SECONDS:g} s, so saves are not taken over: {why}")


def roots_of(command: Sequence[str], named: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders to watch: those that were named, else this one and the script's; raises UsageError for what is no folder."""
    for folder in named:
        if not folder.is_dir():
            raise UsageError(f"{folder} is not a folder: --watch names a folder whose files are watched.")
    if named:
        return tuple(dict.fromkeys(folder.resolve() for folder in named))
    here = Path.cwd()
    if here == Path(here.anchor) or here == Path.home():
        raise RefusedError(f"{here} is too much to watch: go to your project's folder, or name it with --watch.")
    found = [here]
    for word in command[1:]:
        if word.endswith(".py") and Path(word).is_file():
            folder = Path(word).resolve().parent
            if not folder.is_relative_to(here):
                found.append(folder)
            break
    return tuple(found)
