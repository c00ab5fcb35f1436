"""Logs that are read once: in the order in which they were written, packed ones too, each content once."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.incidents.files import reading
from nexoide.incidents.files.patterns import Pattern
from nexoide.incidents.files.reading import Read, read_once
from tests.unit.incidents.files.following import Lines, append


def read(root: Path, *patterns: str) -> tuple[list[str], Read]:
    told: list[str] = []
    done = read_once([Pattern(f"{root}/{text}", "/") for text in patterns], Lines, lambda failure, path, now: told.append(failure.log_message))
    return told, done


def why(done: Read) -> dict[str, str]:
    return {os.path.basename(path): reason for path, reason in done.skipped.items()}  # noqa: PTH119


def test_rotated_and_packed_parts_in_the_order_of_time(tmp_path: Path):
    (tmp_path / "app.log.4.xz").write_bytes(lzma.compress(b"ERR 0\n"))
    (tmp_path / "app.log.3.bz2").write_bytes(bz2.compress(b"ERR 1\n"))
    (tmp_path / "app.log.2.gz").write_bytes(gzip.compress(b"ERR 2\n") + gzip.compress(b"ERR 3\n"))
    append(tmp_path / "app.log.1", "ERR 4")
    append(tmp_path / "app.log", "ERR 5")
    told, done = read(tmp_path, "app.log*")
    assert told == [f"ERR {number}" for number in range(6)]
    assert (done.files, done.bytes, done.skipped) == (5, 36, {})


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_of_a_damaged_log_is_read_what_comes_before(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]):
    lines = b"".join(b"ERR %s\n" % os.urandom(40).hex().encode() for _ in range(40_000))
    (tmp_path / f"app.log.{ending}").write_bytes(pack(lines)[:-500])
    told, done = read(tmp_path, "app.log*")
    assert len(told) > 20_000
    assert "is damaged" in why(done)[f"app.log.{ending}"]


def test_one_file_under_several_names_and_patterns_is_read_once(tmp_path: Path):
    append(tmp_path / "app.log", "ERR one")
    (tmp_path / "current.log").symlink_to("app.log")
    os.link(tmp_path / "app.log", tmp_path / "hard.log")
    told, done = read(tmp_path, "*.log", "app.log", ".")
    assert told == ["ERR one"]
    assert why(done) == dict.fromkeys(["current.log", "hard.log"], "it is another name of a file that was read")


def test_a_copy_of_a_log_is_not_read_twice(tmp_path: Path):
    append(tmp_path / "app.log", *[f"ERR {number}" for number in range(1000)])
    shutil.copyfile(tmp_path / "app.log", tmp_path / "app.log.1")
    append(tmp_path / "app.log", "ERR last")
    told, done = read(tmp_path, ".")
    assert told == [*[f"ERR {number}" for number in range(1000)], "ERR last"]
    assert why(done) == {"app.log.1": "it is a copy of app.log"}


def test_a_packed_log_that_is_damaged_is_read_as_far_as_it_goes(tmp_path: Path):
    whole = gzip.compress(b"".join(b"ERR %d %s\n" % (number, os.urandom(20).hex().encode()) for number in range(20_000)))
    (tmp_path / "cut.log.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "no.log.gz").write_bytes(b"not packed at all")
    (tmp_path / "wrong.log.gz").write_bytes(whole[:5000] + b"\xff" * 100 + whole[5100:])
    told, done = read(tmp_path, ".")
    assert 5000 < len(told) < 20_000
    assert all(reason.startswith("it is damaged (") for reason in why(done).values())
    assert set(why(done)) == {"cut.log.gz", "no.log.gz", "wrong.log.gz"}


def test_a_bomb_is_unpacked_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 8 << 20)
    (tmp_path / "bomb.log.gz").write_bytes(gzip.compress(b"ERR one\n" + bytes(64 << 20)))
    append(tmp_path / "z.log", "ERR two")
    told, done = read(tmp_path, ".")
    assert told == ["ERR one", "ERR two"]
    assert why(done) == {"bomb.log.gz": "it is longer than 8 MiB when it is unpacked: what comes before was read"}
    assert done.bytes == (8 << 20) + 8


def test_what_cannot_be_read_is_said(tmp_path: Path):
    os.mkfifo(tmp_path / "fifo.log")
    (tmp_path / "shadow.log").symlink_to("/etc/shadow")
    (tmp_path / "x.log.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "folder.log").mkdir()
    (tmp_path / "core").write_bytes(b"\x7fELF")
    append(tmp_path / "app.log", "ERR one")
    told, done = read(tmp_path, "*")
    assert told == ["ERR one"]
    assert {name: reason.split(" ")[2] for name, reason in why(done).items()} == {
        "fifo.log": "a",
        "shadow.log": "to",
        "x.log.zst": "compressed",
        "folder.log": "a",
        "core": "a",
    }


def test_holes_cost_nothing(tmp_path: Path):
    with (tmp_path / "app.log").open("wb") as file:
        file.write(b"ERR one\n")
        file.truncate(1 << 34)
        file.seek(0, os.SEEK_END)
        file.write(b"\nERR two\n")
    told, done = read(tmp_path, "app.log")
    assert told == ["ERR one", "ERR two"]
    assert done.bytes < 300_000
