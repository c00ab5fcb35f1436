"""F26: empty, no-op, oversized, undecodable or invalid patches: a typed refusal each; what is accepted round-trips byte for byte."""

from __future__ import annotations

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.inspection import MAX_BYTES, MAX_FILES, inspect, inspect_all
from nexoide.patches.source import decode, split_lines
from tests.support.repositories import make_sample

BASE = b"def f(x):\n    return x\n"

REFUSED = {
    "no file": ({}, "no file"),
    "no-op": ({"a.py": (BASE, BASE)}, "stay as it is"),
    "one of two is a no-op": ({"a.py": (BASE, b"x = 1\n"), "b.py": (BASE, BASE)}, "b.py would stay"),
    "emptied": ({"a.py": (BASE, b"")}, "would be emptied"),
    "blanked": ({"a.py": (BASE, b"\n \n")}, "would be emptied"),
    "above 1 MiB": ({"a.py": (BASE, b"#" * (MAX_BYTES + 1))}, "at most 1048576"),
    "above 200 files": ({f"f{n}.py": (BASE, b"x = 1\n") for n in range(MAX_FILES + 1)}, "at most 200"),
    "above 8 MiB together": ({f"f{n}.py": (BASE, b"#" * MAX_BYTES) for n in range(9)}, "9 MiB"),
    "syntax error": ({"a.py": (BASE, b"def f(:\n")}, r"Line 1 is not valid Python"),
    "mixed tabs": ({"a.py": (BASE, b"if 1:\n\tx = 1\n        y = 1\n")}, "not valid Python"),
    "byte order mark": ({"a.py": (BASE, b"\xef\xbb\xbf" + BASE)}, "byte order mark"),
    "binary": ({"a.py": (BASE, bytes(range(1, 256)))}, "a.py: "),
    "NUL": ({"a.py": (BASE, b"x = 1\0\n")}, "NUL"),
    "case": ({"a.py": (BASE, b"x = 1\n"), "A.py": (None, b"x = 1\n")}, "case alone"),
    "shadows a sibling": ({"a.py": (BASE, b"x = 1\n"), "a/__init__.py": (None, b"x = 1\n")}, "one module"),
    "shadows the standard library": ({"json.py": (None, b"x = 1\n")}, "Python's own module json"),
    "shadows it from src": ({"src/logging/__init__.py": (None, b"x = 1\n")}, "Python's own module logging"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_typed_refusal(name):
    files, sentence = REFUSED[name]
    with pytest.raises(InspectionError, match=sentence) as caught:
        inspect_all(files)
    assert caught.value.sentence.isprintable()


def test_a_new_package_beside_a_module_of_the_workspace():
    with pytest.raises(InspectionError, match="one module"):
        inspect_all({"n/__init__.py": (None, b"x = 1\n")}, existing=["n.py", "README"])
    with pytest.raises(InspectionError, match="case alone"):
        inspect_all({"N.py": (None, b"x = 1\n")}, existing=["n.py"])
    assert inspect_all({"n/x.py": (None, b"x = 1\n")}, existing=["n/__init__.py"]) == ()


def test_a_module_of_ours_with_a_common_name_may_be_changed_and_nested():
    assert inspect_all({"json.py": (BASE, b"x = 1\n"), "app/types.py": (None, b"x = 1\n")}) == ()


ACCEPTED = [b"x = 1", b"if 1:\n\tx = 1\n", b"x = 1\r\ny = 2\r\n", "x = 'é'\n".encode(), b"x = 1\n\n\n", b"#!/usr/bin/env python\nx = 1\n"]


@pytest.mark.parametrize("data", ACCEPTED)
def test_what_is_accepted_is_committed_byte_for_byte(tmp_path, data):
    sample = make_sample(tmp_path / "shop")
    base = (sample.root / "shop/price.py").read_bytes()
    inspect_all({"shop/price.py": (base, data)})
    plan = sample.deploy({"shop/price.py": data})
    assert sample.open().blob(plan.new_commit, "shop/price.py") == data
    assert "".join(split_lines(decode(data))).encode() == data


def test_changed_tests_are_noted():
    for path in ("conftest.py", "tests/helpers.py", "test_a.py", "a_test.py"):
        assert inspect(path, BASE, b"x = 1\n") == (f"{path}: test surface changed: the tests prove less about this patch",)
    assert inspect("contest.py", BASE, b"x = 1\n") == ()
