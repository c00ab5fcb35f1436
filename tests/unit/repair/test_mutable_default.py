from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check

RULE = "mutable-default"

CASES = [
    Case(
        "handed-on-to-checks",
        {
            "forms.py": """
                def check_name(data, errors):
                    if not data:
                        errors.append("no name")


                def validate(data, *checks, errors=[]):
                    '''Run all checks.'''
                    for check in checks:
                        check(data, errors)
                    return errors
            """,
            "main.py": """
                from forms import check_name, validate


                def main():
                    results = [validate(data, check_name) for data in ("", "ada")]
                    assert results[1] == [], results[1]
                    print(results)


                main()
            """,
        },
        "[['no name'], []]\n",
        "        errors = []",
    ),
    Case(
        "kept-on-the-object",
        {
            "main.py": """
                class Basket:
                    def __init__(self, owner, lines=[]):
                        self.owner = owner
                        self.lines = lines

                    def add(self, line):
                        self.lines.append(line)

                one, two = Basket("a"), Basket("b")
                one.add("tea")
                if two.lines:
                    raise RuntimeError(f"{two.owner} has {two.lines}")
                print("ok")
            """
        },
        "ok\n",
        "def __init__(self, owner, lines=None)",
    ),
    Case(
        "mapping-that-counts",
        {
            "main.py": """
                def count(words, seen: dict[str, int] = {}):
                    for word in words:
                        seen[word] = seen.get(word, 0) + 1
                    return seen

                count(["a"])
                assert count(["a"])["a"] == 1
                print("ok")
            """
        },
        "ok\n",
        "        seen = {}",
    ),
    Case(
        "worked-out-once",
        {
            "main.py": """
                import itertools

                numbers = itertools.count(1)

                def ticket(title, number=next(numbers)):
                    return {"title": title, "number": number}

                first, second = ticket("a"), ticket("b")
                if first["number"] == second["number"]:
                    raise RuntimeError("twice the same number")
                print(first["number"], second["number"])
            """
        },
        "1 2\n",
        "number = next(numbers)",
    ),
    Case(
        "class-body-without-init",
        {
            "team.py": """
                class Base:
                    def __init__(self):
                        self.ready = True


                class Team(Base):
                    '''People.'''

                    members = []

                    def join(self, name):
                        self.members.append(name)
            """,
            "main.py": """
                from team import Team

                red, blue = Team(), Team()
                red.join("ada")
                assert not blue.members, blue.members
                print(red.members, blue.ready)
            """,
        },
        "['ada'] True\n",
        "self.members = []",
    ),
    Case(
        "class-body-with-init",
        {
            "main.py": """
                class Cache:
                    rows = {}

                    def __init__(self, name):
                        self.name = name

                    def put(self, key, value):
                        self.rows[key] = value

                one, two = Cache("a"), Cache("b")
                one.put("k", 1)
                assert "k" not in two.rows
                print(one.rows)
            """
        },
        "{'k': 1}\n",
        "        self.rows = {}\n        self.name",
    ),
    Case(
        "dataclass-fields",
        {
            "model.py": """
                from dataclasses import dataclass


                @dataclass
                class Post:
                    title: str
                    tags: list = []
                    sizes: dict = {"a": 1}
            """,
            "main.py": "from model import Post\n\nprint(Post('x').tags, Post('x').sizes)\n",
        },
        "[] {'a': 1}\n",
        "tags: list = field(default_factory=list)",
    ),
    Case(
        "repeated-rows",
        {
            "main.py": """
                def board(size):
                    cells = [[0] * size] * size
                    cells[0][0] = 1
                    return cells

                rows = board(2)
                assert rows[1][0] == 0, rows
                print(rows)
            """
        },
        "[[1, 0], [0, 0]]\n",
        "[[0] * size for _ in range(size)]",
    ),
    Case(
        "one-list-under-every-key",
        {
            "main.py": """
                def group(rows, keys):
                    found = dict.fromkeys(keys, [])
                    for key, row in rows:
                        found[key].append(row)
                    return found

                groups = group([("a", 1)], ["a", "b"])
                assert groups["b"] == []
                print(groups)
            """
        },
        "{'a': [1], 'b': []}\n",
        "{key: [] for key in keys}",
    ),
    Case(
        "a-constant-of-the-module-as-a-default",
        {
            "merge.py": """
                DEFAULTS = {"width": 80}


                def merged(overrides=None, base=DEFAULTS):
                    for key, value in (overrides or {}).items():
                        base[key] = value
                    return base
            """,
            "main.py": "from merge import merged\n\nwide = merged({'width': 100})\nassert merged() == {'width': 80}, merged()\nprint(wide)\n",
        },
        "{'width': 100}\n",
        "        base = DEFAULTS.copy()",
    ),
    Case(
        "a-constant-of-another-module-filled-in",
        {
            "blank.py": "BLANK = {'name': '', 'tags': []}\n",
            "people.py": """
                from blank import BLANK


                def person(name, *tags):
                    row = BLANK
                    row["name"] = name
                    row["tags"].extend(tags)
                    return row
            """,
            "main.py": "from people import person\n\nada, bob = person('ada', 1), person('bob')\nassert bob['tags'] == [], bob\nprint(ada, bob)\n",
        },
        "{'name': 'ada', 'tags': [1]} {'name': 'bob', 'tags': []}\n",
        "    row = deepcopy(BLANK)",
    ),
    Case(
        "a-constant-taken-where-nothing-is-given",
        {
            "main.py": """
                OPTIONS = {"deep": False}


                class Scan:
                    def __init__(self, options=None):
                        self.options = options or OPTIONS

                    def deepen(self):
                        self.options["deep"] = True


                first, second = Scan(), Scan()
                first.deepen()
                assert second.options == {"deep": False}, second.options
                print("apart")
            """
        },
        "apart\n",
        "options or OPTIONS.copy()",
    ),
    Case(
        "in-a-class-whose-base-takes-arguments",
        {
            "nodes.py": """
                class Entry:
                    def __init__(self, name):
                        self.name = name


                class Folder(Entry):
                    children = []

                    def add(self, entry):
                        self.children.append(entry)
            """,
            "main.py": """
                from nodes import Folder

                root, sub = Folder("root"), Folder("sub")
                root.add(sub)
                assert sub.children == [], sub.children
                print(root.name, len(root.children))
            """,
        },
        "root 1\n",
        "    def __init__(self, name):\n        super().__init__(name)\n        self.children = []\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


REFUSED = {
    "a-copy-is-made": "def f(rows=[]):\n    rows = list(rows)\n    rows.append(1)\n    return rows\n\nf()\nassert f() == [2]\n",
    "remembers-on-purpose": "def f(n, memo={}):\n    memo[n] = n\n    return n\n\nassert f(1) == 2\n",
    "shared-on-purpose": "class A:\n    seen = []\n\n    def see(self, n):\n        self.seen.append(n)\n\nA().see(1)\nassert A.seen == [2]\n",
    "given-to-each-object": (
        "class A:\n    rows = []\n\n    def __init__(self):\n        self.rows = []\n\n    def add(self):\n        "
        "self.rows.append(1)\n\nA().add()\nassert A().rows\n"
    ),
    "a-constant-that-keeps-on-purpose": "REGISTRY = {}\n\ndef note(name):\n    rows = REGISTRY\n    rows[name] = 1\n\nnote(1)\nassert REGISTRY == {}\n",
    "a-constant-that-is-only-read": "ROWS = [1]\n\ndef f():\n    rows = ROWS\n    return sum(rows)\n\nassert f() == 2\n",
    "rows-that-are-never-changed": "rows = [[0] * 2] * 2\nassert rows == []\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_shared_is_left_alone(name, tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": REFUSED[name]})
