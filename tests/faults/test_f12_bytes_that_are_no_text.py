"""F12: whatever bytes a program prints, its log is kept as it is and shown as text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexoide.model import codec
from nexoide.supervisor.processes import start
from nexoide.supervisor.target_logs import TAIL_BYTES, tail
from tests.unit.supervisor.test_processes import spec

CASES = {
    "invalid UTF-8": (b"\xff\xfe\x80", ["\\xff\\xfe\\x80"]),
    "overlong": (b"\xc0\xaf", ["\\xc0\\xaf"]),
    "NUL": (b"a\0b", ["a\0b"]),
    "a lone surrogate": (b"\xed\xa0\x80", ["\\xed\\xa0\\x80"]),
    "a cut character": ("ü".encode()[:1], ["\\xc3"]),
    "BOM": (b"\xef\xbb\xbfa", ["\ufeffa"]),
    "CRLF": (b"a\r\nb\r\n", ["a", "b"]),
    "CR": (b"10%\r20%\r", ["10%\r20%"]),
    "empty lines": (b"\n\na\n\n", ["", "", "a", ""]),
    "escape sequences": (b"\x1b]0;x\x07\x9b2J", ["\x1b]0;x\x07\\x9b2J"]),
}


@pytest.mark.parametrize("name", CASES)
async def test_it_is_stored_byte_for_byte_and_shown_as_text(tmp_path: Path, name: str):
    content, lines = CASES[name]
    process = start(spec(tmp_path, sys.executable, "-c", f"import sys; sys.stdout.buffer.write({content!r})"))
    assert await process.wait() == 0
    assert (tmp_path / "shop.log").read_bytes() == content
    assert tail(tmp_path / "shop.log", 10) == lines
    codec.encode(lines)


def test_a_character_across_the_windows_edge_is_escaped_not_lost(tmp_path: Path):
    for shift in range(4):
        (tmp_path / "log").write_bytes(b"x" + "€".encode() * (TAIL_BYTES // 3) + b"y" * shift)
        (line,) = tail(tmp_path / "log", 1)
        line.encode()
        assert "€" in line


@given(content=st.binary(max_size=300), lines=st.integers(-1, 20))
@settings(max_examples=200, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, lines: int):
    log = tmp_path_factory.getbasetemp() / "any.log"
    log.write_bytes(content)
    shown = tail(log, lines)
    assert len(shown) <= max(lines, 0)
    assert all("\n" not in line for line in shown)
    codec.encode(shown)
