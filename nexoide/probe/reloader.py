"""`Reloader`: brings the modules of some folders to new texts from within the process, without any supervisor."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock, get_ident

from . import sources
from .reload import callbacks, registry
from .reload.ledger import LEDGER, MAX_GENERATIONS, File
from .reload.live import Modules, module_file
from .reload.report import Definition, ReloadReport
from .reload.text.source import Refused, decode
from .reload.transaction import BOUND_S, Workspace, prepare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import CodeType, ModuleType
    from typing import Any, Optional, Union

    from .reload.transaction import Prepared

    Path = Union[str, os.PathLike[str]]

PACES = ("auto", "now", "quiescent")
WAIT_S = 60.0
_UNREADABLE = b"\0unreadable"
_EXTENSIONS = (".so", ".pyd", ".dll")
_KERNEL = os.path.dirname(os.path.realpath(__file__)) + os.sep
_turn = allocate_lock()  # one transaction at a time, whoever asks
_inside: set[int] = set()  # the threads that reload, or run the callbacks of a reload, right now
_gone: set[str] = set()  # files that were deleted, which was said once


class Reloader:
    """Reloads the modules of one or more folders; everything it does is one transaction and comes back as a `ReloadReport`.

    `when` is "auto", "now" or "quiescent", `bound` how many seconds calls under way may be waited for. What is live belongs
    to the process: what another Reloader or the supervisor has reloaded is known to this one.
    """

    def __init__(self, roots: Union[Path, Iterable[Path], None] = None) -> None:
        given = [_default_root()] if roots is None else [roots] if isinstance(roots, (str, os.PathLike)) else list(roots)
        self.roots = tuple(sources.install(root) for root in given)

    @property
    def generation(self) -> int:
        """The number of the last reload of this process, 0 where there was none."""
        return LEDGER.number

    def sync(self, *, when: str = "auto", bound: float = BOUND_S) -> ReloadReport:
        """Compare, by content, what is live with what is on the disk, and bring what differs to what the disk has."""
        return _alone(lambda: self._run(self._differing(), when, bound), when)

    def apply(self, files: Mapping[Any, Union[bytes, str]], *, when: str = "auto", bound: float = BOUND_S) -> ReloadReport:
        """Bring files to the given bytes, whatever the disk has; a relative path is one within the first root that has it."""
        return _alone(lambda: self._run(self._given(files), when, bound), when)

    def explain(self, files: Optional[Mapping[Any, Union[bytes, str]]] = None) -> ReloadReport:
        """Say what `apply` of these files, or without them `sync`, would do to each definition; nothing is changed or run."""
        return _alone(lambda: self._run(self._differing() if files is None else self._given(files), "now", 0.0, dry=True))

    def revert(self, generation: int, *, when: str = "auto", bound: float = BOUND_S) -> ReloadReport:
        """Undo what a generation did: its files go back to the texts they had before it, and state made since is kept."""
        return _alone(lambda: _revert(generation, self.workspace(), when, bound), when)

    def modules(self) -> list[dict[str, Any]]:
        """Return module, path, sha256 ("" where what runs is not known) and generation of every live module of the folders."""
        return [entry for entry in registry.modules() if self.owns(entry["path"])]

    def workspace(self) -> Workspace:
        """Return what the engine takes for the program's own code."""
        return Workspace(self.roots, registry.text_of)

    def owns(self, path: str) -> bool:
        """Tell whether a file is the program's own: under one of the roots, and neither a library's nor the engine's."""
        real = sources.key_of(path)
        return sources.within(path) and not real.startswith(_KERNEL) and any(real.startswith(root.rstrip(os.sep) + os.sep) for root in self.roots)

    def _run(self, files: dict[str, Optional[bytes]], when: str, bound: float, *, dry: bool = False) -> ReloadReport:
        chosen = Chosen(files, self.owns)
        if chosen.refused:
            return _refusal(chosen.refused[0].reason, list(files), chosen.refused + chosen.told)
        if not chosen.files:
            return ReloadReport("already", chosen.told, chosen.notes, files=list(files))
        made = prepare(chosen.files, _plain(), when=when, bound=bound, dry=dry, workspace=self.workspace())
        report = made.report if dry else made.commit()
        report.definitions += tuple(chosen.told)
        report.notes = tuple(dict.fromkeys([*report.notes, *chosen.notes]))
        return report

    def _given(self, files: Mapping[Any, Union[bytes, str]]) -> dict[str, Optional[bytes]]:
        found: dict[str, Optional[bytes]] = {}
        for path, data in files.items():
            name = os.fspath(path)
            places = [name] if os.path.isabs(name) else [os.path.join(root, name) for root in self.roots]
            place = next((item for item in places if os.path.exists(item)), places[0])
            found[os.path.normpath(place)] = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else bytes(data)
        return found

    def _differing(self) -> dict[str, Optional[bytes]]:
        """Return the files of live modules whose bytes on the disk are not those that run; None for those that are gone."""
        found: dict[str, Optional[bytes]] = {}
        for module in list(sys.modules.values()):
            path = module_file(module) if issubclass(type(module), type(sys)) else ""
            if not path or path in found or path.startswith("<") or path.endswith(_EXTENSIONS) or not self.owns(path):
                continue
            data, known = sources.read(path), registry.bytes_of(path)
            if data is None and os.path.exists(path):
                data = _UNREADABLE
            if data != known:  # what neither is nor ever was a file, such as a part of an archive, is no deleted one
                found[path] = data
        return found


class Chosen:
    """The files of a request parted into those of the transaction, those that are refused, and what is merely told."""

    def __init__(self, given: dict[str, Optional[bytes]], owns: Callable[[str], bool]) -> None:
        self.files: list[File] = []
        self.refused: list[Definition] = []
        self.told: list[Definition] = []
        self.notes: list[str] = []
        loaded = Modules()
        for path, data in given.items():
            modules = loaded.of(path)
            name = _module_name(modules) or os.path.basename(path)
            try:
                self._take(path, data, name, modules, owns)
            except Refused as refusal:
                self.refused.append(Definition(name, "", "module" if modules else "file", "refused", str(refusal), path, refusal.line))

    def _take(self, path: str, data: Optional[bytes], name: str, modules: Sequence[ModuleType], owns: Callable[[str], bool]) -> None:
        _check_kind(path, bool(modules), owns)
        if data is None:
            if path not in _gone:
                self.told.append(Definition(name, "", "module", "kept", f"{path} was deleted; its module stays until the program is restarted.", path))
                self.notes.append(self.told[-1].reason)
            _gone.add(path)
            return
        _gone.discard(path)
        if data is _UNREADABLE:
            raise Refused(f"{path} cannot be read, or has more than {sources.MAX_BYTES >> 20} MiB: mend it; the running code stays.")
        text = decode(data, path)
        if not modules:
            self.files.append(File(path, None, text))
            return
        known = registry.live(path, modules)
        if known.text is None:
            raise Refused(known.reason)
        if known.text == text:
            self.told.append(Definition(name, "", "module", "unchanged", "", path))
        else:
            self.files.append(File(path, known.text, text))


def finish(prepared: Prepared) -> ReloadReport:
    """Commit what was prepared elsewhere, in turn with every other reload of the process, and call who wants to know of it."""
    return _alone(prepared.commit)


def _alone(work: Callable[[], ReloadReport], when: str = "auto") -> ReloadReport:
    if when not in PACES:
        raise ValueError(f"when must be one of {', '.join(PACES)}, not {when!r}")
    me = get_ident()
    if me in _inside:
        return _refusal("A reload was asked for from within a reload: ask for it when the callback or hook has returned.")
    enabled = getattr(sys, "_is_gil_enabled", None)
    if enabled is not None and not enabled():
        return _refusal("This interpreter runs without its global lock, where no swap can be atomic: restart the program for it.")
    if not _turn.acquire(True, WAIT_S):
        return _refusal(f"Another reload has been under way for {WAIT_S:g} s: try again when it has ended, or restart the program.")
    _inside.add(me)
    try:
        try:
            report = work()
        finally:
            _turn.release()
        if report.state == "committed":
            callbacks.run(report)
        return report
    finally:
        _inside.discard(me)


def _revert(generation: int, workspace: Workspace, when: str, bound: float) -> ReloadReport:
    undone = LEDGER.find(generation)
    if undone is None:
        return _refusal(f"Generation {generation} is not one of the last {MAX_GENERATIONS} of this process: bring the earlier text back by a new reload.")
    files, notes = [], []
    for file in undone.back():
        known = registry.live(file.path)
        if known.text is None:
            return _refusal(known.reason, [file.path])
        if known.generation != generation and known.text != file.base:
            notes.append(f"{os.path.basename(file.path)} was changed again by generation {known.generation}, which is undone with generation {generation}.")
        files.append(File(file.path, known.text, file.new))
    report = prepare(files, _plain(), when=when, bound=bound, workspace=workspace).commit()
    report.notes = tuple(dict.fromkeys([*report.notes, *notes]))
    return report


def _check_kind(path: str, loaded: bool, owns: Callable[[str], bool]) -> None:
    """Raise Refused for what is no source of the program's own."""
    if path.endswith(_EXTENSIONS):
        raise Refused(f"{path} is an extension in machine code, which cannot be changed live: restart the program for it.")
    if path.endswith((".pyc", ".pyo")):
        raise Refused(f"{path} is bytecode, which is never reloaded: change its source.")
    if sources.key_of(path).startswith(_KERNEL):
        raise Refused(f"{path} is a part of what reloads, which cannot reload itself: restart the program for it.")
    if not loaded and not path.endswith((".py", ".pyw")):
        raise Refused(f"{path} is no Python module: register a callback for it by nexoide.probe.on_reload, or restart the program for it.")
    if not owns(path):
        raise Refused(f"{path} is not in the folders that are reloaded, or belongs to an installed library: restart the program for it.")


def _refusal(sentence: str, files: Sequence[str] = (), definitions: Sequence[Definition] = ()) -> ReloadReport:
    return ReloadReport("refused", definitions, (), sentence, files=files)


def _module_name(modules: Sequence[Any]) -> str:
    return registry.module_name(modules[0]) if modules else ""


def _plain() -> Callable[[CodeType], CodeType]:
    """Return what gives the code of which a counted one is the variant; where nothing is counted, that is itself."""
    commands = sys.modules.get(f"{__package__}.commands")
    plain: Callable[[CodeType], CodeType] = commands._watches.plain if commands is not None else _same  # noqa: SLF001
    return plain


def _same(code: CodeType) -> CodeType:
    return code


def _default_root() -> str:
    """Return the folder of the program's own script, else the current one."""
    main = sys.modules.get("__main__")
    file = module_file(main) if main is not None else ""
    return os.path.dirname(os.path.abspath(file)) if file.endswith(".py") and os.path.exists(file) else os.getcwd()
