from __future__ import annotations

import time

import pytest

from nexoide.incidents.parameterise import MAX_MESSAGE, parameterise


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("order 17 failed", "order <number> failed"),
        ("took 3.25s, limit 1e-3", "took <number>s, limit <number>"),
        ("at 0x7f3a9c and 0XFF", "at <number> and <number>"),
        ("commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "commit <number>"),
        ("id 12345678 or 1234567a", "id <number> or <number>"),
        ("run 123e4567-e89b-12d3-a456-426614174000", "run <uuid>"),
        ("connect to 10.0.0.1:8080", "connect to <ip>"),
        ("connect to fe80:0:0:0:1:2:3:4", "connect to <ip>"),
        ("no key 'abc'", "no key <quoted>"),
        ('no key "a b"', "no key <quoted>"),
        ("can't and won't", "can't and won't"),
        ("open /srv/app/x.txt: denied", "open <path>: denied"),
        ("open C:\\temp\\x: denied", "open <path>: denied"),
        ("2026-11-21T10:15:57.123Z boom", "<date> boom"),
        ("since 2026-11-21", "since <date>"),
        ("at 10:15:57", "at <date>"),
        ("mail to ada@example.org failed", "mail to <email> failed"),
        ("GET https://example.org/a?b=1 failed", "GET <url> failed"),
        ("either/or, deadbeef, version", "either/or, deadbeef, version"),
        ("x1 a12 b_3", "x1 a12 b_3"),
        ("  many \n\t blanks  ", "many blanks"),
        ("", ""),
    ],
)
def test_variable_parts_become_their_kind(message: str, expected: str) -> None:
    assert parameterise(message) == expected


@pytest.mark.parametrize(
    "message", ["'" * 100_000, "a" * 100_000, "1." * 50_000, "1:" * 50_000, "a@" * 50_000, "/" * 100_000, "0" * 100_000, "a.b-c+" * 20_000, "ab://" * 20_000]
)
def test_a_hostile_message_costs_little(message: str) -> None:
    begin = time.perf_counter()
    assert len(parameterise(message)) <= 8 * MAX_MESSAGE
    assert time.perf_counter() - begin < 1.0
