"""Logs that are kept short while somebody writes and somebody reads: nothing lost, nothing twice, everything counted."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from nexoide.supervisor import target_space
from nexoide.supervisor.target_logs import cap_log, last_lines
from nexoide.supervisor.target_space import bound_log, dropped, first_whole_line, kept_bytes, longest, resume
from nexoide.supervisor.targets.output import OutputReader, cursor_of

LIMIT = 1 << 20


def rows(first: int, count: int) -> bytes:
    return b"".join(b"line %09d %s\n" % (number, b"x" * (number % 150)) for number in range(first, first + count))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def test_its_middle_is_given_back_and_counted_exactly(log: Path):
    log.write_bytes(rows(0, 30_000))
    size = log.stat().st_size
    gone = bound_log(log, LIMIT)
    assert log.stat().st_size == size
    assert kept_bytes(log) <= LIMIT
    assert (dropped(log), bound_log(log, LIMIT)) == (gone, target_space.Dropped())
    content = log.read_bytes()
    whole = [line for line in content.replace(b"\0", b"").split(b"\n") if line]
    kept = content[first_whole_line(log) :].split(b"\n")[:-1]
    first_block = content[:4096].split(b"\n")[:-1]
    assert gone.lines == 30_000 - len(kept) - len(first_block)
    assert kept[-1].startswith(b"line 000029999")
    assert gone.bytes == content.count(b"\0")
    assert len(whole) >= len(kept) + len(first_block)


def test_whoever_writes_goes_on_and_the_counts_add_up(log: Path):
    writer = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    sizes, lines = 0, 0
    for turn in range(20):
        os.write(writer, rows(turn * 5_000, 5_000))
        gone = bound_log(log, LIMIT)
        sizes, lines = sizes + gone.bytes, lines + gone.lines
        assert kept_bytes(log) <= LIMIT + 8192
    os.close(writer)
    assert dropped(log) == target_space.Dropped(sizes, lines)
    kept = log.read_bytes()[first_whole_line(log) :].split(b"\n")[:-1]
    assert lines + len(kept) + log.read_bytes()[:4096].count(b"\n") == 100_000
    assert last_lines(log, 3, first_whole_line(log))[0].startswith("line 000099997")


def test_the_first_bytes_stay_so_that_followers_know_the_file(log: Path):
    log.write_bytes(rows(0, 30_000))
    before = log.read_bytes()[:4096]
    bound_log(log, LIMIT)
    assert log.read_bytes()[:4096] == before


def test_a_short_log_a_missing_one_and_what_is_no_file_are_left_alone(log: Path, tmp_path: Path):
    log.write_bytes(b"x" * LIMIT)
    assert bound_log(log, LIMIT) == target_space.Dropped()
    assert bound_log(tmp_path / "none", LIMIT) == target_space.Dropped()
    assert bound_log(tmp_path, LIMIT) == target_space.Dropped()
    assert (dropped(tmp_path / "none"), first_whole_line(tmp_path / "none"), kept_bytes(tmp_path / "none")) == (target_space.Dropped(), 0, 0)


def test_without_holes_it_is_emptied_and_refilled(log: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(target_space, "_punch", lambda handle, begin, length: False)  # as a file system that has none
    content = rows(0, 30_000)
    log.write_bytes(content)
    first = bound_log(log, LIMIT)
    assert log.stat().st_size <= LIMIT
    with log.open("ab") as file:
        file.write(rows(30_000, 30_000))
    second = bound_log(log, LIMIT)
    assert dropped(log).bytes == first.bytes + second.bytes
    head, *kept = log.read_bytes().split(b"\n")
    assert head == b"(nexoide dropped %d bytes of older output)" % (first.bytes + second.bytes)
    assert b"\n".join(kept) == (content + rows(30_000, 30_000))[first.bytes + second.bytes :]


def test_a_reader_goes_on_behind_a_hole_and_is_told_what_it_missed(log: Path):
    log.write_bytes(rows(0, 30_000))
    bound_log(log, LIMIT)
    handle = os.open(log, os.O_RDONLY)
    place = resume(handle, 5000)
    size = log.stat().st_size
    assert place.offset > 5000
    assert place.missed == place.offset - 5000
    assert resume(handle, size - 10) == target_space.Place(size - 10)
    assert resume(handle, size + 10) == target_space.Place(0)
    os.close(handle)


def test_the_longest_file_heeds_the_limit_on_files():
    assert longest() > 1 << 30


@pytest.mark.parametrize("holes", [True, False])
def test_readers_see_each_line_once_whatever_is_dropped(log: Path, holes: bool, monkeypatch: pytest.MonkeyPatch):
    if not holes:
        monkeypatch.setattr(target_space, "_punch", lambda handle, begin, length: False)
    chance, reader, seen, missed, number = random.Random(7), OutputReader("shop", log), list[int](), 0, 0
    log.touch()
    for turn in range(30):
        count = chance.randrange(1, 10_000)
        with log.open("ab") as file:
            file.write(rows(number, count))
        number += count
        if chance.random() < 0.5:
            bound_log(log, LIMIT)
        for _ in range(chance.choice([0, 3, 20, 200])):
            piece = reader.take(0.0)
            if piece is None:
                break
            missed += piece.dropped
            seen += [int(line.split()[1]) for line in piece.lines if line.startswith("line ")]
        if turn % 7 == 0:  # another one goes on from the cursor
            name, place = cursor_of(reader.cursor) or ("", None)
            reader, before = OutputReader(name, log, place), reader
            reader._lost = before._lost
    while (piece := reader.take(0.0)) is not None:
        missed += piece.dropped
        seen += [int(line.split()[1]) for line in piece.lines if line.startswith("line ")]
    assert seen == sorted(set(seen))
    assert seen[-1] == number - 1
    lost = set(range(number)) - set(seen)
    assert missed >= sum(len(rows(one, 1)) for one in lost) > 0


def test_lines_without_an_end_and_endless_lines(log: Path):
    reader = OutputReader("shop", log)
    assert reader.take(1.0) is None
    log.write_bytes(b"one\ntwo")
    piece = reader.take(1.0)
    assert (piece.lines, piece.at, piece.dropped) == (("one",), 1.0, 0)
    assert reader.take(1.0) is None
    with log.open("ab") as file:
        file.write(b" and more\n" + b"y" * 200_000)
    assert reader.take(1.0).lines == ("two and more",)
    (shown,) = reader.take(1.0).lines
    assert shown == "y" * 4096 + " …"
    while (piece := reader.take(1.0)) is not None:
        assert piece.lines == ()
    with log.open("ab") as file:
        file.write(b"y\nlast")
    assert reader.take(1.0).lines == (f"(that line went on for {200_001 - 4096} bytes)",)
    assert reader.take(1.0, final=True).lines == ("last",)
    assert reader.take(1.0, final=True) is None


def test_a_log_that_is_another_file_is_read_from_its_beginning(log: Path):
    log.write_bytes(b"old\n")
    reader = OutputReader("shop", log)
    assert reader.take(0.0).lines == ("old",)
    log.with_suffix(".new").write_bytes(b"new\n")
    log.with_suffix(".new").replace(log)
    assert reader.take(0.0).lines == ("new",)


def test_history_is_bounded_and_following_begins_after_it(log: Path):
    log.write_bytes(b"".join(b"%06d %s\n" % (number, b"z" * 1000) for number in range(3000)) + b"unfinished")
    reader = OutputReader("shop", log)
    piece = reader.history(3000, whole=True, characters=10_000)
    assert piece.lines[0] == "(2991 lines before these are left out: they are too long together)"
    assert (len(piece.lines), piece.lines[-1][:6]) == (10, "002999")
    with log.open("ab") as file:
        file.write(b" business\n")
    assert reader.take(0.0).lines == ("unfinished business",)
    assert OutputReader("shop", log).history(1, whole=False).lines == ("unfinished business",)


@pytest.mark.parametrize("text", ["", "shop", "shop:1:2:3", "shop:1:2:3:2", "../x:1:2:3:0", "shop:-1:2:3:0", "shop:1:2:3:0\n"])
def test_what_is_no_cursor(text: str):
    assert cursor_of(text) is None


def test_capping_twice_says_the_sum(log: Path):
    log.write_bytes(rows(0, 1000))
    one = cap_log(log, 10_000, 5_000)
    with log.open("ab") as file:
        file.write(rows(1000, 1000))
    two = cap_log(log, 10_000, 5_000)
    assert log.read_bytes().startswith(b"(nexoide dropped %d bytes of older output)\n" % (one + two))
    assert (rows(0, 1000) + rows(1000, 1000)).endswith(log.read_bytes().split(b"\n", 1)[1])
