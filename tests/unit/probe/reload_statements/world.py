"""A folder of modules that a case imports and reloads, and a structural snapshot of them; runs without pytest on every interpreter."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections import OrderedDict, deque
from pathlib import Path
from types import FunctionType, ModuleType

from nexoide.probe.reload.transaction import File, Workspace, prepare


class World:
    """Modules by name and text; `reload` brings them to new texts in one transaction."""

    def __init__(self, **texts):
        self.folder = str(Path(tempfile.mkdtemp()).resolve())
        sys.path.insert(0, self.folder)
        importlib.invalidate_caches()
        self.texts = {}
        for name, text in texts.items():
            self.write(name, text)
        for name in texts:
            setattr(self, name, importlib.import_module(name))

    def path(self, name):
        return str(Path(self.folder, *name.split("__"))) + ".py"

    def write(self, name, text):
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.path(name)).write_text(text, encoding="utf-8")
        self.texts[name] = text

    def transaction(self, texts, **options):
        files = [File(self.path(name), self.texts.get(name), text) for name, text in texts.items()]
        return prepare(files, lambda code: code, workspace=Workspace([self.folder]), **options)

    def reload(self, **texts):
        """Bring modules to new texts; fails where that is refused."""
        report = self.transaction(texts).commit()
        assert report.ok, report.error
        assert report.state == "committed", report
        for name, text in texts.items():
            self.write(name, text)
        return report

    def explain(self, **texts):
        """Say what a reload would do, and check that this touches nothing."""
        before = self.structure()
        report = self.transaction(texts, dry=True).report
        assert self.structure() == before
        return report

    def refused(self, **texts):
        """Try new texts that must be refused; checks that nothing changed, and returns the sentence."""
        before, loaded = self.structure(), set(sys.modules)
        report = self.transaction(texts).commit()
        assert not report.ok, report
        assert report.state == "refused", report
        assert self.structure() == before
        assert not {name for name in set(sys.modules) - loaded if getattr(sys.modules[name], "__file__", None) and self.folder in sys.modules[name].__file__}
        assert report.error.endswith((".", "!"))
        return report.error

    def structure(self):
        """Return what all modules of the folder hold, by identity and in depth."""
        found = {}
        for name, module in list(sys.modules.items()):
            if type(module) is ModuleType and str(getattr(module, "__file__", "")).startswith(self.folder):
                found[name] = shape(vars(module), 0, set())
        return found


def shape(value, depth, seen):
    """Return a comparable picture of a value: identities, and the content of everything that can change in place."""
    kind = type(value)
    if id(value) in seen or depth > 8:
        return (kind.__name__, id(value))
    inner = seen | {id(value)}
    if kind in (dict, OrderedDict) or (isinstance(value, dict) and kind.__module__ != "builtins"):
        skip = ("__builtins__", "__warningregistry__")
        return (
            kind.__name__,
            id(value),
            [(key if type(key) is str else id(key), shape(item, depth + 1, inner)) for key, item in dict.items(value) if key not in skip],
        )
    if kind in (list, tuple, deque):
        return (kind.__name__, id(value), [shape(item, depth + 1, inner) for item in value])
    if kind is set:
        return (kind.__name__, id(value), sorted(id(item) for item in value))
    if kind is FunctionType:
        cells = [shape(cell.cell_contents, depth + 1, inner) for cell in value.__closure__ or ()]
        return (
            "function",
            id(value),
            id(value.__code__),
            id(value.__defaults__),
            value.__qualname__,
            value.__doc__,
            shape(value.__dict__, depth + 1, inner),
            cells,
        )
    if isinstance(value, type):
        if "/" not in str(getattr(sys.modules.get(value.__module__), "__file__", "")) or "site-packages" in str(value.__module__):
            return ("class", id(value))
        skip = ("__dict__", "__weakref__", "__abstractmethods__", "_abc_impl", "__annotations__")
        return ("class", id(value), [(key, shape(item, depth + 1, inner)) for key, item in vars(value).items() if key not in skip])
    if kind.__module__ not in ("builtins", "types", "_thread", "threading") and hasattr(value, "__dict__") and not isinstance(value, ModuleType):
        return (kind.__name__, id(value), shape(vars(value), depth + 1, inner))
    return (kind.__name__, id(value))
