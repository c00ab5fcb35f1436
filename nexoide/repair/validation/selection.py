"""Which tests a change is most likely to touch: those whose files import a changed file, through however many others.

Imports are read line by line instead of by a parser: it costs a tenth, and whatever is missed is still run with all the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from nexoide.repair.code.project import Project
from nexoide.repair.code.source import UnreadableError

_IMPORT = re.compile(r"(?m)^[ \t]*import[ \t]+([^\n#;]+)")
_FROM = re.compile(r"(?m)^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#;]*))")
_MAX_NAMES = 200


def selected(root: Path, tests: Collection[str], changed: Iterable[str]) -> tuple[str, ...]:
    """Return those of `tests` (paths relative to the root) that a change of the files `changed` may touch, the closest first."""
    project = Project(root)
    importers = _importers(project)
    distance = dict.fromkeys(changed, 0)
    waiting = list(distance)
    while waiting:
        here = waiting.pop(0)
        for path in importers.get(here, ()):
            if path not in distance:
                distance[path] = distance[here] + 1
                waiting.append(path)
    folders = {str(PurePosixPath(path).parent): far for path, far in distance.items() if PurePosixPath(path).name == "conftest.py"}
    found: dict[str, int] = {}
    for test in tests:
        above = [far + 1 for folder, far in folders.items() if folder == "." or PurePosixPath(test).is_relative_to(folder)]
        best = min([*([distance[test]] if test in distance else []), *above], default=None)
        if best is not None:
            found[test] = best
    return tuple(sorted(found, key=lambda test: (found[test], test)))


def _importers(project: Project) -> dict[str, set[str]]:
    """Return, for every file, the files that import it."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for path in project.files:
        parts = _dotted(path).split(".")
        for depth in range(min(len(parts), 4)):  # a file may be imported from the root or from a folder on the way to it
            by_name[".".join(parts[depth:])].add(path)
    found: dict[str, set[str]] = defaultdict(set)
    for path in project.files:
        try:
            text = project.read(path).decode("utf-8", "replace")
        except UnreadableError:
            continue
        for name in _imported(text, _dotted(path), is_package=path.endswith("__init__.py")):
            for target in by_name.get(name, ()):
                if target != path:
                    found[target].add(path)
    return found


def _dotted(path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _imported(text: str, own: str, *, is_package: bool) -> set[str]:
    """Return the dotted names that a file imports, and the packages on the way to them; relative ones as seen from the root."""
    names: set[str] = set()
    for match in _IMPORT.finditer(text):
        names.update(part.split(" as ")[0].strip() for part in match[1].split(","))
    for match in _FROM.finditer(text):
        base = match[2]
        if match[1]:
            above = own.split(".")
            keep = len(above) - len(match[1]) + (1 if is_package else 0)
            base = ".".join(filter(None, [*above[: max(0, keep)], match[2]]))
        names.add(base)
        listed = (match[3] or match[4] or "").split(",")[:_MAX_NAMES]
        names.update(".".join(filter(None, [base, part.split(" as ")[0].strip(" \t\\\n\r")])) for part in listed)
    whole: set[str] = set()
    for name in names:
        parts = name.split(".")
        whole.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return whole
