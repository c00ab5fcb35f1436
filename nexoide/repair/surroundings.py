"""What is known of where the program runs: its interpreter, its packages, the names of its variables; never a value."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

MAX_ENTRIES = 20_000
"""Entries of one folder of packages that are looked at."""
_DISTRIBUTION = re.compile(r"(?P<name>.+?)-(?P<version>[0-9][^-]*)(?:-.*)?\.(?:dist|egg)-info\Z")
_NORMAL = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Facts that decide between repairs; each is empty (or None) where nobody asked.

    `python` as `3.11.7`; `packages` maps a distribution's normalised name to its version; `modules` are the top-level import
    names that these packages bring; `variables` the names of the environment's variables (None: not known);
    `command` what was run; `policy` names what the operator allows (`raise_limits`, `add_retries`).
    """

    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    variables: tuple[str, ...] | None = None
    command: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()

    @property
    def version(self) -> tuple[int, int]:
        """The interpreter's version, (0, 0) where it is not known."""
        parts = self.python.split(".")
        return (int(parts[0]), int(parts[1])) if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() else (0, 0)

    def has(self, distribution: str) -> bool:
        """Say whether a distribution is surely installed."""
        return distribution.lower().replace("_", "-") in self.packages


async def surroundings(
    python: str,
    *,
    command: tuple[str, ...] = (),
    variables: Iterable[str] | None = None,
    policy: tuple[str, ...] = (),
    folders: Iterable[Path] = (),
) -> Surroundings:
    """Return the facts of an interpreter, which is asked once; `folders` hold further packages. Raises UnavailableError where it does not answer."""
    from nexoide.sandbox import interpreter  # a worker process, which reads these facts and never asks for them, starts without it

    found = await interpreter.describe(python)
    packages: dict[str, str] = {}
    modules: set[str] = set()
    for folder in (*found.packages, *folders):
        names, tops = installed(folder)
        packages.update({name: version for name, version in names.items() if name not in packages})
        modules |= tops
    return Surroundings(
        python=".".join(str(part) for part in found.version),
        packages=packages,
        modules=tuple(sorted(modules)),
        variables=None if variables is None else tuple(sorted(set(variables))),
        command=command,
        policy=policy,
    )


def installed(folder: Path) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return the distributions of one folder of packages (normalised name to version) and its top-level import names.

    Read off the names of what lies there, as installers write them: nothing is executed, and 1,000 packages take milliseconds.
    """
    try:
        stamp = folder.stat().st_mtime_ns
    except OSError:
        return {}, frozenset()
    return _listed(str(folder), stamp)


@lru_cache(maxsize=64)
def _listed(folder: str, _stamp: int) -> tuple[Mapping[str, str], frozenset[str]]:
    packages: dict[str, str] = {}
    modules: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for _, entry in zip(range(MAX_ENTRIES), entries, strict=False)]
    except OSError:
        return {}, frozenset()
    for name in names:
        distribution = _DISTRIBUTION.match(name)
        if distribution is not None:
            packages[_NORMAL.sub("-", distribution["name"]).lower()] = distribution["version"]
            modules |= _top_level(Path(folder, name))
            continue
        stem, dot, ending = name.partition(".")
        if stem.isidentifier() and stem != "__pycache__" and (not dot or ending == "py" or ending.endswith("so")):
            modules.add(stem)
    return packages, frozenset(modules)


def _top_level(folder: Path) -> set[str]:
    """Return the import names that a distribution states: those of one that was installed to be edited lie elsewhere."""
    try:
        with (folder / "top_level.txt").open(encoding="utf-8", errors="replace") as stream:
            words = stream.read(4096).split()
    except OSError:
        return set()
    return {word for word in words if word.isidentifier()}
