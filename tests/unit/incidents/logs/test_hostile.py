"""Hostile logs: no content makes the reader raise, cost more than its length, or keep more than a few lines."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from nexoide.incidents.logs import LogReader

from .reading import NOW, read, told

HEADER = b"Traceback (most recent call last):\n"
FRAME = b'  File "a.py", line 3, in f\n    f()\n'
GROUP = b"  + Exception Group Traceback (most recent call last):\n"
INPUTS: dict[str, Callable[[int], bytes]] = {
    "headers": lambda size: HEADER * (size * 4),
    "headers of groups": lambda size: GROUP * (size * 2),
    "frames": lambda size: HEADER + FRAME * (size * 3) + b"ValueError: x\n",
    "a chain": lambda size: (HEADER + FRAME + b"ValueError: x\n\nDuring handling of the above exception, another exception occurred:\n\n") * size,
    "deep groups": lambda size: (
        GROUP + b"".join(b" " * (2 + 2 * i) + b"+-+---- 1 ----\n" + b" " * (4 + 2 * i) + b"| Exception Group " + HEADER for i in range(size // 8))
    ),
    "members": lambda size: GROUP + b"  | ExceptionGroup: x (2 sub-exceptions)\n" + b"  +-+---------------- 1 ----------------\n    | ValueError: x\n" * size,
    "errors": lambda size: b"ERROR x\n" * size,
    "writers": lambda size: b"".join(b"web-%d  | ERROR x\n" % (i % 1000) for i in range(size)),
    "requests": lambda size: b'1.1.1.1 - - [02/Jan/2024:03:04:05 +0000] "GET /x/1 HTTP/1.1" 500 12\n' * size,
    "goroutines": lambda size: b"goroutine 1 [running]:\nmain.f(0x1)\n\t/a.go:3 +0x1\n" * size,
    "nested json": lambda size: (b'{"level":"error","a":' + b"[" * 20_000 + b"\n") * (size // 100),
    "brackets": lambda size: (b"[" * 20_000 + b" ERROR\n") * (size // 100),
    "dots": lambda size: (b"a." * 10_000 + b" ERROR x\n") * (size // 100),
    "pairs": lambda size: (b'level=error a="' + b'a="' * 10_000 + b"\n") * (size // 100),
    "backslashes": lambda size: (b'level=error msg="' + b"\\" * 20_000 + b"\n") * (size // 100),
    "statuses": lambda size: (b'" 500 ' * 4000 + b"\n") * (size // 100),
    "paths": lambda size: (b'"GET ' + b"/" * 3900 + b'" 500 \n') * (size // 10),
    "at": lambda size: (b"   at " + b"a.b(" * 5000 + b"\n") * (size // 100),
    "ruby": lambda size: (b"a/b.rb:1:in `" * 2000 + b"Error)\n") * (size // 100),
    "escapes": lambda size: b"\x1b]0;" * size * 10 + b"\n",
}


@pytest.mark.parametrize("name", INPUTS)
def test_twice_the_input_costs_about_twice(name: str) -> None:
    def cost(data: bytes) -> float:
        taken = []
        for _ in range(3):
            begin = time.process_time()
            read(data)
            taken.append(time.process_time() - begin)
        return min(taken)

    make = INPUTS[name]
    small, large = cost(make(800)), cost(make(6400))
    assert large < max(small, 0.002) * 8 * 3, (small, large)


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_kept_is_bounded(name: str) -> None:
    data = INPUTS[name](6000)
    reader = LogReader(origin="x")
    tracemalloc.start()
    try:
        for at in range(0, len(data), 1 << 16):
            reader.feed(data[at : at + (1 << 16)], NOW)
        reader.close(NOW)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def _line(size: int) -> Iterator[bytes]:
    yield b"ERROR:shop:"
    for _ in range(size >> 20):
        yield b"x" * (1 << 20)
    yield b"\nERROR:shop:after\n"


def test_a_line_of_a_gigabyte_is_kept_to_its_head_and_counted() -> None:
    reader = LogReader(origin="x")
    tracemalloc.start()
    try:
        found = [failure for chunk in _line(1 << 30) for failure in reader.feed(chunk, NOW)] + reader.close(NOW)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert [failure.logger for failure in found] == ["shop", "shop"]
    assert len(found[0].log_message) <= 2000
    assert told(found[1]) == ("shop", "after")
    assert reader.skipped == (1 << 30) + len("ERROR:shop:") - (64 << 10)


def test_a_hundred_thousand_frames_are_kept_to_head_and_tail() -> None:
    frames = b"".join(b'  File "a.py", line %d, in f\n    f()\n' % number for number in range(1, 100_001))
    (failure,) = read(HEADER + frames + b"RecursionError: deep\n")
    lines = [frame.line for frame in failure.exceptions[0].frames]
    assert lines == [*range(1, 13), *range(100_000 - 27, 100_001)]


def test_bytes_that_are_no_text_stay_visible() -> None:
    (failure,) = read(b"ERROR:shop:bad \xff\xfe \xed\xa0\x80 end\n")
    assert failure.log_message == r"bad \xff\xfe \xed\xa0\x80 end"
    (failure,) = read(b"\xef\xbb\xbfERROR:shop:b\0o\0om\r\n")
    assert told(failure) == ("shop", "boom")
    (failure,) = read("ERROR:shop:größe\n".encode(), step=1)
    assert told(failure) == ("shop", "größe")
    (failure,) = read("ERROR:shop:boom\r\n".encode("utf-16"))
    assert told(failure) == ("shop", "boom")


def test_escape_sequences_do_not_reach_what_is_kept() -> None:
    (failure,) = read(b"\x1b]0;title\x07\x1b[31mERROR\x1b[0m:shop:\x1b[2Jboom\x1b]52;c;aGk=\x07 \x1bP1$r\x1b\\end\n")
    assert told(failure) == ("shop", "boom end")


def test_noise_never_raises() -> None:
    noise = random.Random(7)
    words = [
        b"Traceback (most recent call last):",
        b"ERROR",
        b'  File "',
        b'", line 3, in f',
        b"\n",
        b"\r",
        b"  | ",
        b"+-+---- 1 ----",
        b'{"level":"error"',
        b"}",
        b"\x1b[",
        b"\xff",
        b"\0",
    ]
    words += [
        b" 500 ",
        b'"GET /',
        b"panic: ",
        b"goroutine 1 [running]:",
        b"\tat a.b(C.java:1)",
        b"Caused by: ",
        b": ",
        b"KeyError",
        b"2024-01-02 03:04:05 ",
        b"web-1  | ",
        b"    ",
        b"^~",
    ]
    for _ in range(300):
        data = b"".join(noise.choice(words) for _ in range(400))
        assert len(read(data)) < 200
        assert len(read(data, step=13)) < 200
