"""Paths as patches name them (relative to the workspace, POSIX) and as the repository names them."""

from __future__ import annotations

from pathlib import Path

from nexoide.errors import RepositoryError


def require_plain(path: str) -> str:
    """Return `path` if it is a plain relative POSIX path; raises RepositoryError for any that could leave its folder."""
    parts = path.split("/")
    if not path or "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise RepositoryError(f"The path {show(path)} is not a plain path inside the workspace: name the file relative to its root.")
    if any(part.casefold() == ".git" for part in parts):
        raise RepositoryError(f"The path {show(path)} lies inside git's own folder: nothing there is ever changed.")
    return path


def is_plain(path: str) -> bool:
    """Say whether `require_plain` accepts the path."""
    try:
        require_plain(path)
    except RepositoryError:
        return False
    return True


def show(path: str) -> str:
    """Return a path as it may stand in a sentence: quoted and escaped where any character is not printable."""
    return path if path.isprintable() and path else ascii(path)


def prefix_of(root: Path, top: Path) -> str:
    """Return the POSIX prefix ("" or "some/folder/") of `root` inside the work tree `top`."""
    relative = root.relative_to(top).as_posix()
    return "" if relative == "." else f"{relative}/"


def folders_of(path: str) -> list[str]:
    """Return the folders above a path, outermost first: a/b/c gives a and a/b."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
