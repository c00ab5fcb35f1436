"""Files read and replaced with care: the only place that replaces a file of the workspace or calls fsync.

A replacement is a new file in the same folder, written and synced, then renamed over the old one: a reader, a crash
or a full disk sees the old bytes or the new ones, never a mixture. The folder is held open throughout, so that the
check and the rename speak of the same place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nexoide.errors import ConflictError, NexoideError, NotFoundError, RefusedError
from nexoide.journal.failpoints import hit

TEMP_PREFIX = ".nexoide-tmp-"
MAX_BYTES = 64 << 20
_CHUNK = 1 << 20


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file; a link as the last component is not followed.

    Raises NotFoundError where nothing is there, RefusedError where it is a link, no regular file, longer than `limit`
    bytes or may not be read.
    """
    with _folder(path) as folder, _existing(path, folder) as descriptor:
        return _read(path, descriptor, limit)


def sha256_of(path: Path) -> str:
    """Return the sha256 (hex) of a regular file; raises as `read_bytes` does."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def replace_file(path: Path, data: bytes, *, expect_sha256: str | None = None, new_mode: int = 0o644) -> None:
    """Make `data` the whole content of `path`, on the disk, at once and entirely or not at all.

    The permission bits of an existing file stay, a new file gets `new_mode`. With `expect_sha256` the file must be
    there with exactly those bytes until the last moment. Raises ConflictError where it is not, RefusedError where the
    path is a link or no regular file, NexoideError (with the OSError as its cause) where the disk does not take it:
    nothing is left behind, and the old file is untouched unless only the last sync, after the rename, failed.
    """
    with _folder(path) as folder:
        temporary = TEMP_PREFIX + secrets.token_hex(8)
        try:
            _write_new(temporary, folder, data)
            _match(path, folder, temporary, expect_sha256, new_mode)
            hit("storage.replace.before")
            os.replace(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
            hit("storage.replace.after")
        except OSError as error:
            raise NexoideError(f"{path} could not be written ({error.strerror}): free space or mend its folder, then try again.") from error
        finally:
            _remove(temporary, folder)


def create_file(path: Path, data: bytes, *, below: Path) -> None:
    """Make a new file of `data`, at once and entirely or not at all, with the folders between it and `below`.

    Raises ConflictError where something of that name is there, RefusedError where a folder on the way is a link, NexoideError
    where the disk does not take it.
    """
    _make_folders(path.parent, below)
    with _folder(path) as folder:
        temporary = TEMP_PREFIX + secrets.token_hex(8)
        try:
            _write_new(temporary, folder, data)
            os.chmod(temporary, 0o644, dir_fd=folder)
            hit("storage.create.before")
            os.link(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.fsync(folder)
        except FileExistsError:
            raise ConflictError(f"{path} is there already: look at it; nothing was written.") from None
        except OSError as error:
            raise NexoideError(f"{path} could not be written ({error.strerror}): free space or mend its folder, then try again.") from error
        finally:
            _remove(temporary, folder)


def remove_file(path: Path, *, expect_sha256: str) -> None:
    """Remove a file that has exactly those bytes; raises ConflictError where it has not, NexoideError where it cannot be removed."""
    with _folder(path) as folder:
        try:
            with _existing(path, folder) as descriptor:
                if hashlib.sha256(_read(path, descriptor, MAX_BYTES)).hexdigest() != expect_sha256:
                    raise ConflictError(f"{path} changed since it was looked at: look at it again; nothing was removed.")
            os.unlink(path.name, dir_fd=folder)
            os.fsync(folder)
        except OSError as error:
            raise NexoideError(f"{path} could not be removed ({error.strerror}): mend its folder, then try again.") from error


def _make_folders(folder: Path, below: Path) -> None:
    """Make the folders that lead from `below` to `folder`, none of them through a link."""
    place = below
    for part in folder.relative_to(below).parts:
        place = place / part
        try:
            place.mkdir(mode=0o755)
        except FileExistsError:
            if place.is_symlink() or not place.is_dir():
                raise RefusedError(f"{place} is not a folder, so nothing can be written below it.") from None
        except OSError as error:
            raise NexoideError(f"The folder {place} could not be made ({error.strerror}): mend its permissions, then try again.") from error


def sweep(folder: Path) -> int:
    """Remove what interrupted replacements left in `folder`; return how many files that were."""
    found = [item for item in folder.glob(f"{TEMP_PREFIX}*") if item.is_file() and not item.is_symlink()]
    for item in found:
        item.unlink(missing_ok=True)
    return len(found)


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFoundError(f"{path} does not exist: its folder is not there.") from None
    except OSError as error:
        raise RefusedError(f"The folder of {path} cannot be opened ({error.strerror}): mend its permissions.") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _existing(path: Path, folder: int) -> Iterator[int]:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path.name, flags, dir_fd=folder)
    except FileNotFoundError:
        raise NotFoundError(f"{path} does not exist.") from None
    except OSError as error:
        why = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise RefusedError(f"{path} is not touched ({why}): only regular files that you may read are.") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RefusedError(f"{path} is not touched: it is not a regular file.")
        yield descriptor
    finally:
        os.close(descriptor)


def _read(path: Path, descriptor: int, limit: int) -> bytes:
    parts: list[bytes] = []
    total = 0
    try:
        while part := os.read(descriptor, _CHUNK):
            total += len(part)
            if total > limit:
                raise RefusedError(f"{path} is longer than {limit} bytes: files of that size are not handled.")
            parts.append(part)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read ({error.strerror}): check the disk.") from error
    return b"".join(parts)


def _write_new(name: str, folder: int, data: bytes) -> None:
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        rest = memoryview(data)
        while rest:  # a full disk may take a part and say so only in the returned length
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _match(path: Path, folder: int, temporary: str, expected: str | None, new_mode: int) -> None:
    """Check what is there now, and give the new file its mode and, where we may, its owner."""
    try:
        with _existing(path, folder) as descriptor:
            found = os.fstat(descriptor)
            if expected is not None and hashlib.sha256(_read(path, descriptor, MAX_BYTES)).hexdigest() != expected:
                raise ConflictError(f"{path} changed since it was looked at: look at it again; nothing was written.")
    except NotFoundError:
        if expected is not None:
            raise ConflictError(f"{path} is no longer there: look again; nothing was written.") from None
        os.chmod(temporary, new_mode, dir_fd=folder)
        return
    ours = os.stat(temporary, dir_fd=folder, follow_symlinks=False)
    if (found.st_uid, found.st_gid) != (ours.st_uid, ours.st_gid):
        try:
            os.chown(temporary, found.st_uid, found.st_gid, dir_fd=folder, follow_symlinks=False)
        except PermissionError:
            pass  # a file of somebody else in a folder of ours: git and editors leave it to us, too
    os.chmod(temporary, stat.S_IMODE(found.st_mode), dir_fd=folder)


def _remove(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        pass  # renamed into place, or the folder does not let us: a sweep finds it later
