"""F11 and F12 for followed files: lines of a gigabyte, NULs, bytes that are no text, binaries: flat memory, and nothing lost of the rest."""

from __future__ import annotations

import gzip
import os
import resource
import time
from pathlib import Path

from tests.unit.incidents.files.following import append, following

GIGABYTE = 1 << 30


def memory() -> int:
    """The most memory that was ever used, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


async def test_a_sparse_gigabyte_costs_nothing(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "old")
    before, began = memory(), time.monotonic()
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one")
        with log.open("ab") as file:
            file.truncate(log.stat().st_size + GIGABYTE)
            file.write(b"the end of the long line\n")
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")
    assert time.monotonic() - began < 3
    assert memory() - before < 20 << 20


async def test_a_line_of_a_quarter_gigabyte_that_is_really_there(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "old")
    before = memory()
    async with following(tmp_path, "*.log") as seen:
        append(log, "ERR one")
        with log.open("ab") as file:
            for _ in range(256):
                file.write(b"x" * (1 << 20))
            file.write(b"\n")
        append(log, "ERR two")
        await seen.told_all("ERR one", "ERR two")
    assert memory() - before < 20 << 20


async def test_zeros_that_are_stored_and_space_that_is_written_later(tmp_path: Path):
    log = tmp_path / "app.log"
    log.write_bytes(b"")
    async with following(tmp_path, "*.log") as seen:
        with log.open("ab") as file:
            file.write(b"ERR one\n" + bytes(3 << 20) + b"ERR two\n" + bytes(100))
        await seen.told_all("ERR one", "ERR two")
        place = (3 << 20) + 16
        with log.open("r+b") as file:
            file.seek(place)
            file.write(b"ERR three\n")
        await seen.told_all("ERR one", "ERR two", "ERR three")


async def test_bytes_that_are_no_text_in_the_middle(tmp_path: Path):
    log = tmp_path / "app.log"
    append(log, "starts")
    async with following(tmp_path, ".") as seen:
        with log.open("ab") as file:
            file.write(b"ERR \xff\xfe \xc3\x28 \x1b[31m\n" + os.urandom(200_000).replace(b"\n", b"") + b"\n\x00\x00\nERR \xe2\x82")
        with log.open("ab") as file:
            file.write(b"\xac\r\nERR last\n")
        await seen.until(lambda: len(seen.told) == 3)
        assert seen.messages == ["ERR \\xff\\xfe \\xc3( \x1b[31m", "ERR €\r", "ERR last"]


async def test_in_a_folder_what_is_no_text_is_left_out_and_said(tmp_path: Path):
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(b"ERR old\n"))
    (tmp_path / "packed.log").write_bytes(gzip.compress(b"ERR old\n"))
    (tmp_path / "wtmp").write_bytes(bytes(384) + os.urandom(200) + bytes(1000))
    async with following(tmp_path, ".", history=True) as seen:
        (tmp_path / "core").write_bytes(b"\x7fELF" + os.urandom(4000))
        append(tmp_path / "messages", "ERR one")
        append(tmp_path / "core", "ERR no")
        append(tmp_path / "wtmp", "ERR no")
        await seen.told_all("ERR one")
        skipped = {os.path.basename(followed.path): followed.skipped for followed in seen.follower.catalogues[0].files.values()}  # noqa: PTH119
        assert skipped == {
            "app.log.1.gz": "is compressed",
            "packed.log": "is compressed (gzip)",
            "core": "is a program",
            "wtmp": "is no text",
            "messages": "",
        }


async def test_names_that_are_no_text(tmp_path: Path):
    name = os.fsdecode(b"\xff\x1b[2J.log")
    async with following(tmp_path, "*.log") as seen:
        append(tmp_path / name, "ERR one")
        await seen.told_all("ERR one")
