from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.incidents.parameterise import MAX_MESSAGE, parameterise


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("order 17 failed", "order <number> failed"),
        ("took 3.25s, limit 1e-3", "took <duration>, limit <number>"),
        ("took 250 ms or 2 minutes", "took <duration> or <duration>"),
        ("12.3 MB of 1 GiB are used (98 %)", "<size> of <size> are used (<number>%)"),
        ("1 item is left", "<number> item is left"),
        ("7 items is left", "<number> item is left"),
        ("at 0x7f3a9c and 0XFF", "at <number> and <number>"),
        ("commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "commit <number>"),
        ("id 12345678 or 1234567a", "id <number> or <number>"),
        ("run 123e4567-e89b-12d3-a456-426614174000", "run <uuid>"),
        ("connect to 10.0.0.1:8080", "connect to <ip>"),
        ("connect to fe80:0:0:0:1:2:3:4", "connect to <ip>"),
        ("db-1.internal:5432 and localhost:80", "<host> and <host>"),
        ("no key 'abc'", "no key <quoted>"),
        ('no key "a b"', "no key <quoted>"),
        ("no key b'abc'", "no key <quoted>"),
        ("can't and won't", "can't and won't"),
        ("open /srv/app/x.txt: denied", "open <path>: denied"),
        ("open C:\\temp\\x: denied", "open <path>: denied"),
        ("open data/in.csv: denied", "open <path>: denied"),
        ("2026-11-21T10:15:57.123Z boom", "<date> boom"),
        ("since 2026-11-21", "since <date>"),
        ("at 10:15:57", "at <date>"),
        ("mail to ada@example.org failed", "mail to <email> failed"),
        ("GET https://example.org/a?b=1 failed", "GET <url> failed"),
        ("order-1234 ord_8fa3 user42 INV-2024-0001 #17", "order-<id> ord_<id> user<id> INV-<id> #<id>"),
        ("user=ada, retries=3", "user=<value>, retries=<value>"),
        ("a == b != c", "a == b != c"),
        ("<Foo object at 0x7f00> and <a.b.Foo object at 0x1>", "<object> and <object>"),
        ("got [1, 2, 3] and {'a': 1}", "got <list> and <dict>"),
        ("[Errno 2] no file, [SSL: BAD]", "[Errno <number>] no file, [SSL: BAD]"),
        ("bearer dGhpcyBpcyBhIHRva2VuIDE9", "bearer <token>"),
        ("key «redacted:api-key:…B4f9» refused", "key <secret> refused"),
        ("either/or, deadbeef, version", "either/or, deadbeef, version"),
        ("x1 a12 b_3", "x1 a12 b_3"),
        ("  many \n\t blanks  ", "many blanks"),
        ("", ""),
    ],
)
def test_variable_parts_become_their_kind(message: str, expected: str) -> None:
    assert parameterise(message) == expected


@given(first=st.integers(0, 10**12), second=st.integers(0, 10**12))
def test_numbers_never_tell_messages_apart(first: int, second: int) -> None:
    def said(number: int) -> str:
        return parameterise(f"order {number} of customer-{number} at {number}.5 s failed with code={number}, {number} tries left")

    assert said(first) == said(second)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_what_was_masked_stays_as_it_is_and_no_blanks_are_doubled(message: str) -> None:
    masked = parameterise(message)
    assert "  " not in masked
    assert masked == masked.strip()


@pytest.mark.parametrize(
    "bits", ["'", "a", "1.", "1:", "a@", "/", "0", "a.b-c+", "ab://", "a-", "ab1-", "a/", "<a.", "[", "{'", "aB1", "=a", "ab_1_", "«", "a b "]
)
def test_a_hostile_message_costs_little(bits: str) -> None:
    begin = time.perf_counter()
    assert len(parameterise(bits * (100_000 // len(bits)))) <= 8 * MAX_MESSAGE
    assert time.perf_counter() - begin < 1.0
