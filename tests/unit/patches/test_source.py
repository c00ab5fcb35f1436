from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.errors import InspectionError
from nexoide.patches.source import decode, split_lines


def test_strict_utf8_with_the_line_that_is_not():
    assert decode("\ufeffé".encode()) == "\ufeffé"
    with pytest.raises(InspectionError, match=r"Line 3 is not UTF-8 text \(byte 0xff\)"):
        decode(b"a\nb\n\xff")


def test_lines_end_at_newlines_alone():
    assert split_lines("a\u2028b\x0cc\rd\x85\ne") == ["a\u2028b\x0cc\rd\x85\n", "e"]
    assert split_lines("") == []
    assert split_lines("\n\n") == ["\n", "\n"]


@given(st.text())
def test_joined_they_are_the_text(text):
    assert "".join(split_lines(text)) == text
    assert all(line.count("\n") == line.endswith("\n") and line for line in split_lines(text))
