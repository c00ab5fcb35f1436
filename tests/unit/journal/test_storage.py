from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from nexoide.errors import ConflictError, NexoideError, NotFoundError, RefusedError
from nexoide.journal import failpoints, storage


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def test_a_replaced_file_has_the_new_bytes_and_the_old_mode(tmp_path: Path) -> None:
    file = tmp_path / "run.py"
    file.write_bytes(b"old")
    file.chmod(0o751)
    storage.replace_file(file, b"new\r\n\x00", expect_sha256=digest(b"old"))
    assert storage.read_bytes(file) == b"new\r\n\x00"
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    assert storage.sha256_of(file) == digest(b"new\r\n\x00")
    assert names(tmp_path) == ["run.py"]


def test_a_new_file_is_created_where_nothing_is_expected(tmp_path: Path) -> None:
    storage.replace_file(tmp_path / "a", b"", expect_sha256=None, new_mode=0o600)
    assert (tmp_path / "a").read_bytes() == b""
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


@pytest.mark.parametrize("current", [b"changed", None])
def test_a_file_that_changed_or_went_is_left_alone(tmp_path: Path, current: bytes | None) -> None:
    file = tmp_path / "a.py"
    if current is not None:
        file.write_bytes(current)
    with pytest.raises(ConflictError):
        storage.replace_file(file, b"new", expect_sha256=digest(b"old"))
    assert [item.read_bytes() for item in tmp_path.iterdir()] == ([current] if current is not None else [])


def test_a_change_while_the_new_bytes_are_written_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    write = storage._write_new

    def meanwhile(name: str, folder: int, data: bytes) -> None:
        write(name, folder, data)
        file.write_bytes(b"edited by somebody")

    monkeypatch.setattr(storage, "_write_new", meanwhile)
    with pytest.raises(ConflictError):
        storage.replace_file(file, b"new", expect_sha256=digest(b"old"))
    assert file.read_bytes() == b"edited by somebody"
    assert names(tmp_path) == ["a.py"]


def test_links_and_what_is_no_file_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    (tmp_path / "link").symlink_to(outside)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "folder", "pipe"):
        with pytest.raises(RefusedError):
            storage.read_bytes(tmp_path / name)
        with pytest.raises(RefusedError):
            storage.replace_file(tmp_path / name, b"x", expect_sha256=None)
    assert outside.read_bytes() == b"secret"
    assert names(tmp_path) == ["folder", "link", "outside", "pipe"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "a", tmp_path / "no" / "a"):
        with pytest.raises(NotFoundError):
            storage.read_bytes(path)
    with pytest.raises(NotFoundError):
        storage.replace_file(tmp_path / "no" / "a", b"", expect_sha256=None)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert storage.read_bytes(tmp_path / "a", limit=5) == b"12345"
    with pytest.raises(RefusedError, match="longer"):
        storage.read_bytes(tmp_path / "a", limit=4)


def test_a_short_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(storage.os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
    storage.replace_file(tmp_path / "a", b"0123456789", expect_sha256=None)
    assert (tmp_path / "a").read_bytes() == b"0123456789"


@pytest.mark.parametrize("name", ["EIO", "ENOSPC"])
def test_a_failing_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    failpoints.arm(f"storage.replace.before:{name}")
    with pytest.raises(NexoideError, match="could not be written") as caught:
        storage.replace_file(file, b"new", expect_sha256=None)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == getattr(errno, name)
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]
    storage.replace_file(file, b"new", expect_sha256=None)
    assert file.read_bytes() == b"new"


def test_file_and_folder_are_synced_around_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else f"file of {os.fstat(descriptor).st_size}")
        fsync(descriptor)

    def rename(*args: object, **kwargs: object) -> None:
        steps.append("rename")
        replace(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(storage.os, "fsync", sync)
    monkeypatch.setattr(storage.os, "replace", rename)
    storage.replace_file(tmp_path / "a", b"12345", expect_sha256=None)
    assert steps == ["file of 5", "rename", "folder"]


def test_names_of_full_length_can_be_replaced(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 255)
    storage.replace_file(file, b"1", expect_sha256=None)
    assert file.read_bytes() == b"1"


def test_leftovers_of_a_kill_are_swept(tmp_path: Path) -> None:
    (tmp_path / f"{storage.TEMP_PREFIX}0123").write_bytes(b"half")
    (tmp_path / "kept").write_bytes(b"")
    assert storage.sweep(tmp_path) == 1
    assert names(tmp_path) == ["kept"]


def test_nothing_else_in_the_package_calls_fsync() -> None:
    package = Path(storage.__file__).parent.parent
    callers = [file.relative_to(package).as_posix() for file in package.rglob("*.py") if "fsync(" in file.read_text(encoding="utf-8")]
    assert callers == ["journal/storage.py"]
