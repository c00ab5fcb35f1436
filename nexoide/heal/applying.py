"""Writing a patch into the folder: only where every file still is what the patch was made against, and all of it or nothing."""

from __future__ import annotations

import hashlib
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from nexoide.errors import ConflictError, NexoideError, NotFoundError, RefusedError
from nexoide.heal.result import Healed, HealedPatch
from nexoide.journal import storage

ENOUGH = 0.5


def chosen(healed: Healed, named: str) -> HealedPatch:
    """Return the patch to write: the one that is named, else the best; raises RefusedError where the best is not good enough."""
    if named:
        found = next((patch for patch in healed.patches if patch.id.casefold() == named.casefold()), None)
        if found is None:
            known = ", ".join(patch.id for patch in healed.patches) or "there are none"
            raise NotFoundError(f"There is no patch {named[:40]} ({known}): nothing was written.")
        return found
    best = next(iter(healed.patches), None)
    if best is None:
        raise RefusedError("There is no patch to write: nothing was written.")
    if not best.passes or best.confidence < ENOUGH:
        why = f"has a confidence of {best.confidence:.2f} only" if best.passes else "does not make the command run to its end"
        raise RefusedError(f"{best.id} {why}: nothing was written; name it with --patch {best.id} to write it all the same.")
    return best


def apply(root: Path, patch: HealedPatch) -> tuple[str, ...]:
    """Write a patch's files and return their paths; a signal to stop waits until that is done.

    Raises ConflictError where a file is no longer as it was, RefusedError for a path that is reached through a link; nothing
    is left half done: what was written before a file that cannot be is put back.
    """
    root = root.resolve()
    files = sorted(patch.files.items())
    for rel, (base, _) in files:
        _check(_inside(root, rel), rel, base)
    with _whole():
        return _written(root, files)


@contextmanager
def _whole() -> Iterator[None]:
    """Keep signals to stop until the end; by their handlers, for a mask of this thread leaves them to any other one."""
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers belong to the main thread, which is then the one that is interrupted
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda got, _: came.append(got)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for got in came[:1]:
            signal.raise_signal(got)


def _written(root: Path, files: Sequence[tuple[str, tuple[bytes | None, bytes]]]) -> tuple[str, ...]:
    done: list[tuple[Path, bytes | None, bytes]] = []
    made: list[Path] = []
    try:
        for rel, (base, new) in files:
            path = _inside(root, rel)
            made += [folder for folder in path.parents if folder.is_relative_to(root) and not folder.exists()]
            _check(path, rel, base)
            if base is None:
                storage.create_file(path, new, below=root)
            else:
                storage.replace_file(path, new, expect_sha256=_digest(base))
            done.append((path, base, new))
    except (NexoideError, OSError) as error:
        _undo(done, made)
        if isinstance(error, OSError):
            raise RefusedError(f"{error.filename} cannot be written ({error.strerror}): nothing was changed.") from error
        raise
    return tuple(rel for rel, _ in files)


def _inside(root: Path, rel: str) -> Path:
    parts = PurePosixPath(rel).parts
    path = root.joinpath(*parts)
    if not parts or rel.startswith("/") or ".." in parts or not path.parent.resolve().is_relative_to(root) or path.parent.resolve() != path.parent:
        raise RefusedError(f"{rel} is reached through a link or leads out of the folder: nothing was written.")
    return path


def _check(path: Path, rel: str, base: bytes | None) -> None:
    if base is None:
        if path.exists() or path.is_symlink():
            raise ConflictError(f"{rel} is there by now, and the patch would add it: nothing was written; heal again.")
    elif storage.sha256_of(path) != _digest(base):
        raise ConflictError(f"{rel} changed since it was looked at: nothing was written; heal again.")


def _undo(done: list[tuple[Path, bytes | None, bytes]], made: list[Path]) -> None:
    for path, base, new in reversed(done):
        try:
            if base is not None:
                storage.replace_file(path, base, expect_sha256=_digest(new))
            else:
                storage.remove_file(path, expect_sha256=_digest(new))
        except (NexoideError, OSError):
            continue  # somebody else has written it since: theirs stays
    for folder in sorted(made, key=lambda item: -len(item.parts)):
        try:
            folder.rmdir()
        except OSError:
            continue  # not empty: somebody else's file is in it


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
