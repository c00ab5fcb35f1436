"""A10: sources that a person reads one way and Python another."""

from __future__ import annotations

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.inspection import inspect

BASE = b"def check(user):\n    return user.is_admin\n"


def refused(new: bytes, base: bytes | None = BASE) -> str:
    with pytest.raises(InspectionError) as caught:
        inspect("app.py", base, new)
    assert caught.value.sentence.startswith("app.py: ")
    return caught.value.sentence


@pytest.mark.parametrize(
    "line",
    [
        b"# coding: unicode_escape",
        b"# coding: raw_unicode_escape",
        b"# -*- coding: utf-7 -*-",
        b"# vim: set fileencoding=latin-1 :",
        b"#coding=UTF-16",
        b"# coding: utf-8-sig",
        b"# coding: utf-8-evil",
        b"\x0c# coding: cp037",
    ],
)
@pytest.mark.parametrize("above", [b"", b"#!/usr/bin/env python\n", b"\xef\xbb\xbf"])
def test_other_encodings_are_refused(line, above):
    base = above + BASE
    assert "encoding" in refused(above + line + b"\n" + BASE, base)


def test_an_encoding_that_was_there_before_is_refused_too():
    old = b"# coding: utf-7\n" + BASE
    assert "utf-7" in refused(old + b"x = 1\n", old)


@pytest.mark.parametrize("line", [b"# coding: utf-8", b"# -*- coding: UTF8 -*-", b"# coding=utf_8"])
def test_utf8_may_be_declared(line):
    inspect("app.py", BASE, line + b"\n" + BASE)


def test_a_hidden_line_behind_a_lone_carriage_return_is_refused():
    assert "Line 2 holds a carriage return" in refused(b"def check(user):\n    # harmless\r    return True\n")
    old = b"# harmless\rimport os\n" + BASE
    assert "carriage return" in refused(old + b"x = 1\n", old)


def test_windows_line_ends_are_kept_and_a_change_of_them_is_noted():
    old = BASE.replace(b"\n", b"\r\n")
    assert inspect("app.py", old, old + b"x = 1\r\n") == ()
    assert inspect("app.py", old, BASE) == ("app.py: line endings change from CRLF to LF",)
    assert inspect("app.py", old, old + b"x = 1\n") == ("app.py: line endings change from CRLF to mixed",)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (BASE + b"x = '\0'\n", "NUL"),
        (b"\xef\xbb\xbf" + BASE, "byte order mark"),
        (BASE + b"x = '\xff'\n", "not UTF-8"),
        (BASE + b"x = '\xed\xa0\x80'\n", "not UTF-8"),
    ],
)
def test_bytes_that_are_no_plain_text_are_refused(new, why):
    assert why in refused(new)


INVISIBLE = ["\x0c", "\x0b", "\x1b", "\x7f", "\x85", "\xad", "\u061c", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\u2066", "\u2060"]
INVISIBLE += ["\u3164", "\u115f", "\ufeff", "\U000e0041"]


@pytest.mark.parametrize("character", INVISIBLE)
def test_invisible_characters_are_refused_in_changed_lines(character):
    assert f"Line 3 holds U+{ord(character):04X}" in refused(BASE + f"x = 'a{character}b'\n".encode())


@pytest.mark.parametrize("character", [*INVISIBLE[:3], *INVISIBLE[5:]])
def test_in_untouched_lines_they_are_noted(character):
    old = f"x = 'a{character}b'\n".encode() + BASE
    assert inspect("app.py", old, old.replace(b"is_admin", b"is_owner")) == (f"app.py: line 1, which is not changed, already holds U+{ord(character):04X}",)


def test_a_line_between_two_changes_counts_as_changed():
    old = b"a = 1\nb = '\xe2\x80\xae'\nc = 1\n"
    assert "Line 2" in refused(b"a = 2\nb = '\xe2\x80\xae'\nc = 2\n", old)


def test_the_same_line_elsewhere_is_no_excuse():
    old = b"a = '\xe2\x80\xae'\nb = 1\n"
    assert "Line 3" in refused(old + b"a = '\xe2\x80\xae'\n", old)


def test_names_that_python_normalises_are_flagged_with_code_points():
    (note,) = inspect("app.py", BASE, BASE + "ｉs_admin = True\n".encode())
    assert "U+FF49" in note
    assert "Python reads it as 'is_admin'" in note
    assert note.isascii()


def test_look_alike_names_are_flagged_once_and_old_ones_are_not():
    (note,) = inspect("app.py", BASE, BASE + "еval = 1\nеval = 2\n".encode())
    assert "U+0435 CYRILLIC SMALL LETTER IE" in note
    old = BASE + "naïve = 1\n".encode()
    assert inspect("app.py", old, old + b"x = 1\n") == ()
    assert inspect("app.py", BASE, BASE + "x = 'naïve'  # naïve\n".encode()) == ()
