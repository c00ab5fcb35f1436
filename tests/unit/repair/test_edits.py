from __future__ import annotations

import ast

import pytest

from nexoide.repair.code.calls import Argument, arguments, rewrite
from nexoide.repair.code.edits import Edit, EditError, checked, splice
from nexoide.repair.code.source import Module


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


def test_a_long_file_is_checked_in_parts_as_a_short_one_is():
    """Every edit of a long file has the same verdict and bytes as the whole reading gives, wherever it lies."""
    filler = "".join(f"\n\n@dec\ndef f{n}(x):\n    # a comment\n    if x:\n        return x + {n}\n    return [x, {n}]  # end\n" for n in range(40))
    head = '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os; import sys\n'
    module = Module("a.py", (head + filler).encode())
    places = [0, len(head), module.text.index("def f7"), module.text.index("    return [x, 7]"), module.text.index("# end"), len(module.text)]
    texts = ["", "x = 1\n", "    y = 2\n", "(", "\n\ndef added():\n    return 1\n", "else:\n    pass\n", "import re\n", '"""', "@dec\n", "return 1\n"]
    for at in places:
        for width in (0, 1, 9):
            for text in texts:
                edit = [Edit(at, min(at + width, len(module.text)), text)]
                assert verdict(module, edit, long=True) == verdict(module, edit, long=False), edit


def test_edits_far_apart_are_checked_each_in_its_part():
    filler = "".join(f"\n\ndef f{n}(x):\n    return x + {n}\n" for n in range(60))
    module = Module("a.py", ("import os\n" + filler).encode())
    last = module.text.index("x + 55")
    data = checked(module, [Edit(0, 0, "import json\n"), Edit(last, last + 1, "(x or 0)")])
    assert data.startswith(b"import json\nimport os\n")
    assert b"return (x or 0) + 55\n" in data


def verdict(module: Module, edits: list[Edit], *, long: bool) -> object:
    import nexoide.repair.code.edits as engine

    before, engine._LONG = engine._LONG, 0 if long else 10**9
    try:
        return checked(module, edits)
    except EditError as error:
        return type(error)
    finally:
        engine._LONG = before
