"""Drives the engines that scenarios are run through: ours and the peers', each with the same four calls.

Standard library only, CPython 3.9 and later: it runs inside the programs. Peers are imported where they are chosen.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import time
import traceback
from pathlib import Path

WAIT_S = 1.5


class Outcome:
    """What an engine said of one save: whether it took it, everything that it said, and our report where it is ours."""

    def __init__(self, ok: bool, text: str, report: object = None, generations: tuple[int, ...] = (), ms: float = 0.0) -> None:
        self.ok, self.text, self.report, self.generations, self.ms = ok, text, report, generations, ms


class Engine:
    """An engine that is told when something was saved."""

    ours = False
    pushes = False  # it watches files itself

    how = "sync"  # how ours is told: by nothing (sync), or by the files and their bytes (apply)

    @staticmethod
    def preload() -> None:
        """Import what it is made of, before the children that run it are made."""

    def start(self, folder: str) -> None:
        """Begin, before the program is imported."""
        self.folder = folder
        self.reloader: object = None

    def ready(self) -> None:
        """The program runs now."""

    def trigger(self, changed: list[str]) -> Outcome:
        """Something was saved; return what came of it."""
        raise NotImplementedError

    def revert(self, generation: int) -> Outcome:
        """Take a reload back."""
        raise NotImplementedError

    def modules(self, changed: list[str]) -> list[str]:
        """Return the names of the imported modules of some files, in the order of their import."""
        files = {os.path.realpath(path) for path in changed}
        return [name for name, module in list(sys.modules.items()) if os.path.realpath(str(getattr(module, "__file__", None) or "")) in files]


def text_of(report: object) -> str:
    """Return everything that a report of ours says."""
    told = [f"{item.module}.{item.name} {item.kind} {item.action} {item.reason}" for item in report.definitions]
    parts = [report.error, *report.notes, *report.blockers, *told]
    return "\n".join(part for part in parts if part)


class Nexoide(Engine):
    """Ours, in process, by content: `Reloader.sync`."""

    ours = True

    @staticmethod
    def preload() -> None:
        importlib.import_module("nexoide.probe.reloader")

    def start(self, folder: str) -> None:
        super().start(folder)
        from nexoide.probe.reloader import Reloader

        self.reloader = Reloader([folder])

    def trigger(self, changed: list[str]) -> Outcome:
        if self.how == "apply":
            return self._outcome(self.reloader.apply({path: Path(path).read_bytes() for path in changed if Path(path).exists()}))
        return self._outcome(self.reloader.sync())

    def revert(self, generation: int) -> Outcome:
        return self._outcome(self.reloader.revert(generation))

    @staticmethod
    def _outcome(report: object) -> Outcome:
        return Outcome(report.ok, text_of(report), report, (report.generation,) if report.generation else (), report.ms)


class NexoideWatch(Nexoide):
    """Ours with its watcher in the process: `nexoide.reload.watch`."""

    pushes = True

    def start(self, folder: str) -> None:
        super().start(folder)
        from nexoide.reload import watch

        self.reports: list[object] = []
        self.watcher = watch(folder)
        self.watcher.on_report(self.reports.append)

    def ready(self) -> None:
        time.sleep(0.2)  # what the program's own start saved is over
        self.reports.clear()

    def trigger(self, changed: list[str]) -> Outcome:
        wait = 5.0 if self.modules(changed) else 0.3  # calls under way are waited for, two seconds by default
        end = time.monotonic() + wait
        while not self.reports and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.2)
        if not self.reports:
            return self._outcome(self.reloader.sync())
        said, self.reports[:] = list(self.reports), []
        last = said[-1]
        made = tuple(one.generation for one in said if one.generation)
        return Outcome(last.ok, "\n".join(text_of(one) for one in said), last, made, last.ms)


class Nothing(Engine):
    """Does nothing and says nothing: a scenario that it passes proves nothing."""

    def trigger(self, changed: list[str]) -> Outcome:
        return Outcome(True, "")


class Importlib(Engine):
    """The baseline: importlib.reload of each saved module."""

    def trigger(self, changed: list[str]) -> Outcome:
        importlib.invalidate_caches()
        errors = []
        for name in self.modules(changed):
            try:
                importlib.reload(sys.modules[name])
            except BaseException:
                errors.append(traceback.format_exc(limit=-1))
        return Outcome(not errors, "\n".join(errors))


class Autoreload(Engine):
    """IPython's %autoreload, as it runs before each cell."""

    def __init__(self, mode: str) -> None:
        self._mode = mode

    @staticmethod
    def preload() -> None:
        importlib.import_module("IPython.core.interactiveshell")
        importlib.import_module("IPython.extensions.autoreload")

    def start(self, folder: str) -> None:
        super().start(folder)
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False
        self._shell = InteractiveShell.instance(config=config)
        self._shell.run_line_magic("load_ext", "autoreload")

    def ready(self) -> None:
        self._shell.run_line_magic("autoreload", self._mode)
        self.trigger([])

    def trigger(self, changed: list[str]) -> Outcome:
        with contextlib.redirect_stderr(io.StringIO()) as err, contextlib.redirect_stdout(io.StringIO()) as out:
            self._shell.run_cell("None")
        said = err.getvalue() + out.getvalue()
        return Outcome("autoreload of" not in said and "Traceback" not in said, said)


class Xreload(Engine):
    """The reload of pydevd, the debugger under debugpy."""

    def start(self, folder: str) -> None:
        super().start(folder)
        importlib.import_module("debugpy._vendored.force_pydevd")  # puts pydevd on the path
        from _pydevd_bundle import pydevd_reload

        self._said: list[str] = []
        self._peer = pydevd_reload
        pydevd_reload.notify_error = lambda *words: self._said.append(" ".join(map(str, words)))
        pydevd_reload.pydev_log.exception = lambda *words: self._said.append(traceback.format_exc(limit=-1))

    def trigger(self, changed: list[str]) -> Outcome:
        for name in self.modules(changed):
            try:
                self._peer.xreload(sys.modules[name])
            except BaseException:
                self._said.append(traceback.format_exc(limit=-1))
        said, self._said[:] = "\n".join(self._said), []
        return Outcome(not said, said)


class Jurigged(Engine):
    """jurigged with its own watcher."""

    pushes = True

    def start(self, folder: str) -> None:
        super().start(folder)
        import jurigged

        self._said: list[str] = []
        self._done = 0
        self._watcher = jurigged.watch(f"{folder}/*.py", logger=self._log)
        self._watcher.postrun.register(self._finished)

    def _log(self, event: object) -> None:
        if isinstance(event, BaseException):
            self._done += 1
            self._said.append(repr(event))

    def _finished(self, path: str, file: object) -> None:
        self._done += 1

    def trigger(self, changed: list[str]) -> Outcome:
        wanted, end = len(self.modules(changed)), time.monotonic() + WAIT_S
        while self._done < wanted and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.15)
        self._done = 0
        said, self._said[:] = "\n".join(self._said), []
        return Outcome(not said, said)


class Hmr(Engine):
    """hmr with its own watcher; its entry file reads every public name, so that everything is recomputed at once."""

    pushes = True

    def start(self, folder: str) -> None:
        super().start(folder)
        from reactivity.hmr.api import SyncReloaderAPI
        from reactivity.hmr.hooks import post_reload

        self._said: list[str] = []
        self._runs = 0
        self._entry = Path(folder) / "hmr_entry_.py"
        self._entry.write_text("", encoding="utf-8")
        self._peer = SyncReloaderAPI(str(self._entry), includes=[folder])
        post_reload(self._finished)
        sys.excepthook = lambda kind, error, tb: self._said.append(f"{kind.__name__}: {error}")

    def _finished(self) -> None:
        self._runs += 1

    def ready(self) -> None:
        names = [name for name, module in list(sys.modules.items()) if str(getattr(module, "__file__", None) or "").startswith(self.folder)]
        self._entry.write_text(
            f"import sys\nfor name in {names!r}:\n    [getattr(sys.modules[name], one, None) for one in dir(sys.modules[name])]\n",
            encoding="utf-8",
        )
        self._peer.__enter__()
        time.sleep(0.3)
        self._runs = 0
        self._said.clear()

    def trigger(self, changed: list[str]) -> Outcome:
        end = time.monotonic() + (WAIT_S if self.modules(changed) else 0.3)
        while not self._runs and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.2)
        self._runs = 0
        said, self._said[:] = "\n".join(self._said), []
        return Outcome(not said, said)


ENGINES = {
    "nothing": Nothing,
    "nexoide": Nexoide,
    "nexoide-watch": NexoideWatch,
    "importlib": Importlib,
    "autoreload-2": lambda: Autoreload("2"),
    "autoreload-2-full": lambda: Autoreload("2 --full"),
    "autoreload-3": lambda: Autoreload("3"),
    "xreload": Xreload,
    "jurigged": Jurigged,
    "hmr": Hmr,
}
