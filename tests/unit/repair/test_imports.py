"""Where an import goes, what an import leaves behind, and under which text a name is reached."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from nexoide.repair.code.edits import Edit, checked, splice
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import Module
from nexoide.repair.naming.imports import Imports, joined, local_import
from nexoide.repair.naming.packages import Layout


def imports(root: Path, text: str, others: tuple[str, ...] = ()) -> Imports:
    for name in ("main.py", *others):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    module = Module("main.py", textwrap.dedent(text).lstrip("\n").encode())
    return Imports(module, Layout(Project(root), ""))


def result(item: Imports) -> str:
    edits = item.edits()
    checked(item.module, edits)
    return splice(item.module, edits)


PLACES = [
    ("between, in order", "import ast\nimport sys\n\nX = 1\n", ("json", ""), "import ast\nimport json\nimport sys\n\nX = 1\n"),
    ("plain before from", "import ast\nfrom re import sub\n\nX = 1\n", ("json", ""), "import ast\nimport json\nfrom re import sub\n\nX = 1\n"),
    ("below the future", '"""Doc."""\n\nfrom __future__ import annotations\n\nX = 1\n', ("json", ""), None),
    ("a new group above the own", "from own import thing\n\nX = 1\n", ("json", ""), "import json\n\nfrom own import thing\n\nX = 1\n"),
    ("a new group below the library", "import ast\n\nX = 1\n", ("own", "thing"), "import ast\n\nfrom own import thing\n\nX = 1\n"),
    (
        "no blank line where the file has none",
        "import ast\nfrom own import thing\nX = 1\n",
        ("json", ""),
        "import ast\nimport json\nfrom own import thing\nX = 1\n",
    ),
    ("one more name", "from re import compile, sub\n", ("re", "match"), "from re import compile, match, sub\n"),
    ("constants before classes before functions", "from re import I, Pattern, sub\n", ("re", "Match"), "from re import I, Match, Pattern, sub\n"),
    ("at the end where the old ones have no order", "from re import sub, compile\n", ("re", "match"), "from re import sub, compile, match\n"),
    ("one line each", "from re import (\n    compile,\n    sub,\n)\n", ("re", "search"), "from re import (\n    compile,\n    search,\n    sub,\n)\n"),
    ("a comment behind stays", "import ast  # kept\nX = 1\n", ("json", ""), "import ast  # kept\nimport json\nX = 1\n"),
    ("a file without imports", "def f():\n    return 1\n", ("json", ""), "import json\n\n\ndef f():\n    return 1\n"),
    (
        "below the head of the file",
        "#!/usr/bin/env python3\n# What it is.\n\nX = 1\n",
        ("json", ""),
        "#!/usr/bin/env python3\n# What it is.\n\nimport json\n\nX = 1\n",
    ),
    ("a file that is there already", "import json\n", ("json", ""), "import json\n"),
]


@pytest.mark.parametrize(("text", "wanted", "expected"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_where_a_new_import_stands(text, wanted, expected, tmp_path):
    item = imports(tmp_path, text, ("own.py",))
    item.want(*wanted)
    if expected == text:
        assert item.edits() == []
        return
    found = result(item)
    assert found == (expected or '"""Doc."""\n\nfrom __future__ import annotations\n\nimport json\n\nX = 1\n')


def test_an_import_of_an_inner_scope_does_not_count_as_there(tmp_path):
    item = imports(tmp_path, "def f():\n    import json\n    return json\n")
    item.want("json")
    assert result(item).startswith("import json\n\n\ndef f")


def test_a_line_limit_keeps_the_import_above_its_first_use(tmp_path):
    item = imports(tmp_path, "import ast\n\nX = dumps(1)\n\nimport sys\n")
    item.before(3)
    item.want("json", "dumps")
    assert result(item).startswith("import ast\nfrom json import dumps\n\nX")


def test_the_way_that_the_file_has_is_used(tmp_path):
    item = imports(tmp_path, "import datetime as dt\nfrom collections import abc\n")
    assert item.use("datetime.timezone") == "dt.timezone"
    assert item.use("collections.abc.Mapping") == "abc.Mapping"
    assert item.edits() == []


def test_a_name_of_the_file_is_never_hidden(tmp_path):
    item = imports(tmp_path, "def html(text):\n    return text\n\n\ndef escape(text):\n    return text\n")
    assert item.use("html.escape") == "html_escape"
    assert "from html import escape as html_escape\n" in result(item)


@pytest.mark.parametrize(
    ("text", "dropped", "expected"),
    [
        ("from re import compile, match, sub\n", {"match"}, "from re import compile, sub\n"),
        ("from re import compile, match, sub\n", {"compile"}, "from re import match, sub\n"),
        ("from re import compile, match, sub\n", {"sub", "match"}, "from re import compile\n"),
        ("import ast\nfrom re import sub\nX = 1\n", {"sub"}, "import ast\nX = 1\n"),
        ("def f():\n    import ast\n", {"ast"}, "def f():\n    pass\n"),
        ("if TYPE_CHECKING:\n    import ast\nX = 1\n", {"ast"}, "X = 1\n"),
    ],
)
def test_what_is_dropped_leaves_nothing_behind(text, dropped, expected, tmp_path):
    item = imports(tmp_path, text)
    for node in ast.walk(item.module.tree):
        if isinstance(node, ast.alias) and node.name in dropped:
            item.drop(node)
    assert result(item) == expected


def test_one_statement_can_lose_and_gain_names_at_once(tmp_path):
    item = imports(tmp_path, "from re import compile, match, sub\n")
    item.drop(next(node for node in ast.walk(item.module.tree) if isinstance(node, ast.alias) and node.name == "match"))
    item.want("re", "search")
    assert result(item) == "from re import compile, search, sub\n"


def test_a_local_import_goes_below_the_docstring(tmp_path):
    module = Module("a.py", b'def f():\n    """Doc."""\n    return g()\n\n\ndef h(): return 1\n')
    first, second = [node for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    edit = local_import(module, first, "from b import g")
    assert edit is not None
    assert splice(module, [edit]).startswith('def f():\n    """Doc."""\n    from b import g\n    return g()\n')
    assert local_import(module, second, "from b import g") is None  # no line of its own to stand on


def test_joined_edits_give_the_same_text_and_pass_the_check():
    module = Module("a.py", b"import os\n\nA = 1\n\n\n@d\ndef f(x):\n    return gcd(x)\n\n\nB = 2\n")
    at = module.text.index("gcd")
    edits = [Edit(0, 0, "import math\n"), Edit(at, at + 3, "math.gcd")]
    whole = [edit for _, edit in joined((module, edit) for edit in edits)]
    assert len(whole) == 1
    assert checked(module, whole).decode() == splice(module, edits)


def test_line_ends_stay_as_they_are(tmp_path):
    (tmp_path / "main.py").write_text("")
    module = Module("main.py", b"import ast\r\nimport sys\r\n\r\nX = 1\r\n")
    item = Imports(module, Layout(Project(tmp_path), ""))
    item.want("json")
    assert checked(module, item.edits()) == b"import ast\r\nimport json\r\nimport sys\r\n\r\nX = 1\r\n"
