"""A11: sources that end a native parser's process; refused in front of it, quickly and with a sentence."""

from __future__ import annotations

import time

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.inspection import MAX_BYTES, inspect

BOMBS = {
    "parentheses": b"x = " + b"(" * 2000 + b"1" + b")" * 2000,
    "brackets": b"x = " + b"[" * 2000 + b"]" * 2000,
    "a closed one first": b"x = [" + b"()" * 50 + b"]\ny = " + b"(" * 101 + b"1" + b")" * 101,
    "unary": b"x = " + b"-" * 10_000 + b"1",
    "not": b"x = " + b"not " * 5_000 + b"1",
    "attributes": b"x = a" + b".b" * 10_000,
    "calls": b"x = a" + b"()" * 5_000,
    "calls with commas": b"x = a" + b"(1, 2)" * 5_000,
    "sum": b"x = 1" + b" + 1" * 10_000,
    "f-string": b"x = f'{" + b"(" * 500 + b"1" + b")" * 500 + b"}'",
    "f-string chain": b"x = f'{a" + b".b" * 5_000 + b"}'",
    "blocks": b"".join(b" " * depth + b"if x:\n" for depth in range(200)) + b" " * 200 + b"pass",
    "comprehensions": b"x = " + b"[y for y in " * 150 + b"z" + b"]" * 150,
    "lambdas": b"x = " + b"lambda: " * 2_000 + b"1",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name):
    begun = time.monotonic()
    with pytest.raises(InspectionError, match=r"^app\.py: .*simplify it|not valid Python|correct it"):
        inspect("app.py", b"x = 1\n", BOMBS[name] + b"\n")
    assert time.monotonic() - begun < 10


def test_size_is_checked_before_anything_else():
    with pytest.raises(InspectionError, match="at most 1048576"):
        inspect("app.py", b"x = 1\n", b"\0" * (MAX_BYTES + 1))


def test_what_people_write_passes():
    deep = b"x = " + b"[" * 99 + b"]" * 99 + b"\n"
    table = b"x = [" + b"a.b + 1, " * 5_000 + b"]\n"
    chained = b"y = a" + b".where(b == 1)\\\n" * 100 + b"\n"
    page = b"z = f'''<style>" + b"p {{ margin: -1.5em; }} " * 500 + b"</style>{a.b}'''\n"
    inspect("app.py", b"x = 1\n", deep + table + chained + page)


@pytest.mark.parametrize(
    "source", [b"x = (\n", b"def f(:\n", b"x = '\n", b"return 1\n", b"  x = 1\n", b"if x:\n\ty = 1\n        z = 1\n", b"x = " + b"9" * 5000]
)
def test_what_does_not_compile_is_refused_with_its_line(source):
    with pytest.raises(InspectionError, match=r"^app\.py: .*not valid Python"):
        inspect("app.py", b"x = 1\n", source)


def test_dubious_but_valid_code_warns_nobody(recwarn):
    inspect("app.py", b"x = 1\n", b"x = '\\d' is 'y'\n")
    assert list(recwarn) == []
