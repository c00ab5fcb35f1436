from __future__ import annotations

import ast

import pytest

from nexoide.repair.calls import Argument, arguments, rewrite
from nexoide.repair.edits import Edit, EditError, checked, splice
from nexoide.repair.source import Module


def test_only_the_span_changes():
    module = Module("a.py", b"a  =  1 ;  b = 2  # c\n")
    assert checked(module, [Edit(6, 7, "10")]) == b"a  =  10 ;  b = 2  # c\n"


def test_windows_newlines_stay_and_new_lines_get_them():
    module = Module("a.py", b"def f():\r\n    return 1\r\n")
    at = module.span(module.tree.body[0].body[0])[0]
    assert checked(module, [Edit(at, at, "x = 1\n    ")]) == b"def f():\r\n    x = 1\r\n    return 1\r\n"


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (Edit(4, 5, "("), "not Python"),
        (Edit(4, 5, "'"), "not Python"),
        (Edit(4, 5, "1"), "changes nothing"),
        (Edit(4, 5, "'''"), "more than the intended"),  # it would end only in the comment two lines below
        (Edit(0, 5, "if a:\n  pass\nelse:\n  pass\n'''"), "more than the intended"),
    ],
)
def test_what_is_not_clean_is_refused(edit, word):
    with pytest.raises(EditError, match=word):
        checked(Module("a.py", b"a = 1\nb = 2\n# '''\n"), [edit])


def test_overlapping_edits_are_refused():
    with pytest.raises(EditError, match="overlap"):
        splice(Module("a.py", b"abc\n"), [Edit(0, 2, "x"), Edit(1, 3, "y")])


def call_of(text: str) -> tuple[Module, ast.Call]:
    module = Module("a.py", text.encode())
    return module, next(node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("f(a)", lambda old: [*old, Argument(-1, "b", "b.c")], "f(a, b=b.c)"),
        ("f()", lambda old: [Argument(-1, None, "x")], "f(x)"),
        ("f(a,b)", lambda old: [*old, Argument(-1, None, "c")], "f(a,b,c)"),
        ("f(a, b = 1)", lambda old: [old[0], Argument(1, "c")], "f(a, c = 1)"),
        ("f( a , b )", lambda old: old[:1], "f( a )"),
        ("f(a, b)", lambda old: old[1:], "f(b)"),
        ("f(\n    a,  # one\n    b,\n)", lambda old: [*old, Argument(-1, "c", "c")], "f(\n    a,  # one\n    b,\n    c=c,\n)"),
        ("f(\n    a,\n    b\n)", lambda old: [*old, Argument(-1, "c", "c")], "f(\n    a,\n    b,\n    c=c\n)"),
        ("f(\n    a,\n    b,\n)", lambda old: old[:1], "f(\n    a,\n)"),
        ("(x\n .f(a))", lambda old: [Argument(0, "k")], "(x\n .f(k=a))"),
        ("f(a)", lambda old: [], "f()"),
    ],
)
def test_calls_keep_their_layout(text, change, expected):
    module, call = call_of(text + "\n")
    edit = rewrite(module, call, change(arguments(call)))
    assert splice(module, [edit]) == expected + "\n"
