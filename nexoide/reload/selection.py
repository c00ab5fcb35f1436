"""Which files a watcher looks at, and which folders it never enters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate

PYTHON = ("*.py",)
FOLDERS = (
    *(".git", ".hg", ".svn", ".jj", ".bzr", "CVS", ".nexoide"),
    *(".venv", "venv", "virtualenv", ".env", ".direnv", ".pixi", ".tox", ".nox", ".eggs", "*.egg-info", "node_modules", "bower_components", ".yarn"),
    *("__pycache__", ".*_cache", ".hypothesis", ".ipynb_checkpoints", ".idea", ".vscode", ".vs", ".terraform"),
    "..*",  # `..data` is how Kubernetes swaps mounted settings: it is seen through the links to it
)
# vim's swap and probe files, Emacs' locks and autosaves, JetBrains' safe write, GNOME's and Kate's, sed -i, backups of all, half-made downloads
FILES = r"""
    4913 | .*~ | ~.* | \.\#.* | \#.*\# | \.goutputstream-.* | sed[A-Za-z0-9]{6} | \.nfs[0-9a-f]+ | .*\.kate-swp |
    \..*\.sw[a-z] | .*\.(?:swp|swx|swo|tmp|temp|bak|orig|rej|part|crdownload) | .*___jb_(?:tmp|old)___ | .*\.__jb_.* | .*\.tmp\.\d+.*
"""
MARKS_OF_ENVIRONMENTS = frozenset({"pyvenv.cfg", "conda-meta"})
_SWAP = re.compile(FILES, re.VERBOSE)


class Selection:
    """The choice of one watcher.

    `patterns` choose files and `ignore` drops files or folders again. A pattern without a slash is compared with the name
    alone, one with a slash with the path below the root (`config/*.toml`; `**` stands for any folders).
    """

    def __init__(self, patterns: Iterable[str] = PYTHON, ignore: Iterable[str] = ()) -> None:
        self._names, self._paths = _compiled(patterns)
        ignore = tuple(pattern.rstrip("/") for pattern in ignore)
        self._no_names, self._no_paths = _compiled(ignore)
        self._no_folders, _ = _compiled((*FOLDERS, *(pattern for pattern in ignore if "/" not in pattern)))

    def file(self, name: str, below: str) -> bool:
        """Whether the file `name`, whose path below its root is `below`, is looked at."""
        if not (self._names.fullmatch(name) or self._paths.fullmatch(below)) or _SWAP.fullmatch(name):
            return False
        return not (self._no_names.fullmatch(name) or self._no_paths.fullmatch(below))

    def folder(self, name: str, below: str) -> bool:
        """Whether the folder `name`, whose path below its root is `below`, is entered."""
        return not (self._no_folders.fullmatch(name) or self._no_paths.fullmatch(below))


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return one expression for names and one for paths; each matches nothing where there is no such pattern."""
    names: list[str] = []
    paths: list[str] = []
    for pattern in patterns:
        (paths if "/" in pattern else names).append(pattern)
    return _either([translate(pattern) for pattern in names]), _either([_path_expression(pattern) for pattern in paths])


def _either(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(expressions) if expressions else r"(?!)")


def _path_expression(pattern: str) -> str:
    """Translate a pattern with slashes: `*` and `?` stay within one folder, `**` does not."""
    parts = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]/]+\])", pattern.removeprefix("./").lstrip("/"))
    return "".join(parts.get(piece) or (_class(piece) if piece[:1] == "[" and piece[-1:] == "]" else re.escape(piece)) for piece in pieces)


def _class(piece: str) -> str:
    inner = piece[1:-1].replace("\\", "\\\\")
    return f"[^{inner[1:]}/]" if inner.startswith("!") else f"[{inner}]"
