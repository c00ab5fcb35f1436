"""The files of a project's folder, whatever their kind, as far as names go: bounded, nothing hidden, no links followed out."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath
from weakref import WeakKeyDictionary

from nexoide.repair.code.project import Project

MAX_ENTRIES = 5000
MAX_DEPTH = 8
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "env", ".git", ".hg", ".venv"})


_found: WeakKeyDictionary[Project, tuple[str, ...]] = WeakKeyDictionary()


def entries(project: Project) -> tuple[str, ...]:
    """Return the POSIX paths, relative to the root, of the regular files under it (at most 5,000); looked for once per diagnosis."""
    held = _found.get(project)
    if held is None:
        held = _found[project] = tuple(itertools.islice(_walk(project.root), MAX_ENTRIES))
    return held


def _walk(root: Path) -> Iterator[str]:
    for folder, names, files in os.walk(root, followlinks=False):
        here = Path(folder)
        depth = len(here.relative_to(root).parts)
        names[:] = sorted(name for name in names if depth < MAX_DEPTH and name not in _SKIPPED)
        for name in sorted(files):
            if name.isprintable() and not (here / name).is_symlink():
                yield (here / name).relative_to(root).as_posix()


def within(project: Project, path: str) -> str:
    """Return an absolute path below the root as one relative to it; any other path as it is."""
    try:
        return Path(path).relative_to(project.root).as_posix() if path.startswith("/") else path
    except ValueError:
        return path


def exists(project: Project, rel: str) -> bool:
    """Say whether a path below the root is there: a file, or a folder of one."""
    normal = PurePosixPath(os.path.normpath(rel)).as_posix()
    if normal.startswith(("..", "/")):
        return False
    return normal in entries(project) or (project.root / normal).is_dir()


def nearest(project: Project, rel: str) -> list[tuple[float, str]]:
    """Return the files that a missing path may have meant, the likeliest first: the same name elsewhere, or almost the same name there."""
    wanted = PurePosixPath(os.path.normpath(rel).replace("\\", "/"))
    scored: list[tuple[float, str]] = []
    for item in entries(project):
        path = PurePosixPath(item)
        score = _alike(wanted, path)
        if score > 0.7:
            scored.append((score, item))
    return sorted(scored, key=lambda row: (-row[0], len(row[1])))


def _alike(wanted: PurePosixPath, path: PurePosixPath) -> float:
    same_folder = wanted.parent == path.parent or wanted.parent.as_posix().lower() == path.parent.as_posix().lower()
    if path.as_posix().lower() == wanted.as_posix().lower():
        return 0.99
    if path.name == wanted.name:
        return 0.9 if wanted.parent.parts in ((), ()) or path.parts[-len(wanted.parts) :] == wanted.parts else 0.86
    if path.name.lower() == wanted.name.lower():
        return 0.84
    if not same_folder:
        return 0.0
    if path.stem == wanted.stem and _same_kind(path.suffix, wanted.suffix):
        return 0.88
    if path.suffix.lower() != wanted.suffix.lower():
        return 0.0
    ratio = SequenceMatcher(None, path.stem.lower(), wanted.stem.lower()).ratio()
    plain = path.stem.lower().replace("-", "").replace("_", "") == wanted.stem.lower().replace("-", "").replace("_", "")
    digits = [item for item in path.stem if item.isdigit()] != [item for item in wanted.stem if item.isdigit()]
    return 0.93 if plain else 0.0 if digits or ratio < 0.72 else 0.55 + 0.38 * ratio


def _same_kind(one: str, other: str) -> bool:
    families = (
        {".yaml", ".yml"},
        {".json", ".jsonl", ".json5"},
        {".htm", ".html"},
        {".txt", ".text", ".log", ""},
        {".jpg", ".jpeg"},
        {".csv", ".tsv", ".txt"},
        {".md", ".txt"},
    )
    return any(one.lower() in family and other.lower() in family for family in families)
