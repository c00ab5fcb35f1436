from __future__ import annotations

import pytest

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, apply, check, refuse, run, write

RULE = "recursion"

CASES = [
    Case(
        "setter-sets-itself",
        {
            "thermo.py": """
                class Thermostat:
                    def __init__(self, degrees):
                        self._degrees = 0
                        self.degrees = degrees

                    @property
                    def degrees(self):
                        return self._degrees

                    @degrees.setter
                    def degrees(self, value):
                        if value < -273:
                            raise ValueError("too cold")
                        self.degrees = value
            """,
            "main.py": "from thermo import Thermostat\n\nunit = Thermostat(20)\nunit.degrees = 21\nprint(unit.degrees)\n",
        },
        "21\n",
        "self._degrees = value",
    ),
    Case(
        "getter-and-setter-without-a-store",
        {
            "main.py": """
                class Person:
                    def __init__(self, name):
                        self.name = name

                    @property
                    def name(self):
                        return self.name

                    @name.setter
                    def name(self, value):
                        self.name = value.strip()

                print(Person(" ada ").name)
            """
        },
        "ada\n",
        "self._name = value.strip()",
    ),
    Case(
        "setattr-through-the-builtin",
        {
            "main.py": """
                class Audited:
                    def __init__(self):
                        object.__setattr__(self, "log", [])

                    def __setattr__(self, key, value):
                        self.log.append(key)
                        setattr(self, key, value)

                thing = Audited()
                thing.size = 3
                print(thing.size, thing.log)
            """
        },
        "3 ['size']\n",
        "super().__setattr__(key, value)",
    ),
    Case(
        "getattr-mistyped-store",
        {
            "config.py": """
                class Config:
                    def __init__(self, values):
                        self._values = dict(values)

                    def __getattr__(self, name):
                        try:
                            return self._vals[name]
                        except KeyError:
                            raise AttributeError(name) from None
            """,
            "main.py": "from config import Config\n\nprint(Config({'port': 80}).port)\n",
        },
        "80\n",
        "self._values[name]",
    ),
    Case(
        "getattr-while-copied",
        {
            "main.py": """
                import copy

                class Proxy:
                    def __init__(self, target):
                        self._target = target

                    def __getattr__(self, name):
                        return getattr(self._target, name)

                proxy = copy.copy(Proxy([3, 1]))
                proxy.append(2)
                print(sorted(proxy._target))
            """
        },
        "[1, 2, 3]\n",
        'if name.startswith("_"):',
    ),
    Case(
        "len-of-itself",
        {
            "main.py": """
                class Playlist:
                    def __init__(self, songs):
                        self.title = "mix"
                        self.songs = list(songs)

                    def __len__(self):
                        return len(self)

                print(len(Playlist(["a", "b"])))
            """
        },
        "2\n",
        "len(self.songs)",
    ),
    Case(
        "dict-subclass",
        {
            "main.py": """
                class Lower(dict):
                    def __setitem__(self, key, value):
                        self[key.lower()] = value

                headers = Lower()
                headers["Accept"] = "*"
                print(headers)
            """
        },
        "{'accept': '*'}\n",
        "super().__setitem__(key.lower(), value)",
    ),
    Case(
        "wrapper-calls-itself",
        {
            "main.py": """
                import functools

                def logged(func):
                    @functools.wraps(func)
                    def wrapper(*args, **kwargs):
                        print("call", func.__name__)
                        return wrapper(*args, **kwargs)
                    return wrapper

                @logged
                def add(a, b):
                    return a + b

                print(add(1, 2))
            """
        },
        "call add\n3\n",
        "return func(*args, **kwargs)",
    ),
    Case(
        "wrapped-object",
        {
            "main.py": """
                class Mailer:
                    def send(self, text):
                        return f"sent {text}"

                class Retrying:
                    def __init__(self, mailer, times):
                        self.mailer = mailer
                        self.times = times

                    def send(self, text):
                        return self.send(text)

                    def close(self):
                        self.mailer.close()

                print(Retrying(Mailer(), 2).send("hi"))
            """
        },
        "sent hi\n",
        "self.mailer.send(text)",
    ),
    Case(
        "super-of-the-objects-class",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.steps = ["A"]

                class B(A):
                    def __init__(self):
                        super(self.__class__, self).__init__()
                        self.steps.append("B")

                class C(B):
                    def __init__(self):
                        super().__init__()
                        self.steps.append("C")

                print(C().steps)
            """
        },
        "['A', 'B', 'C']\n",
        'super().__init__()\n        self.steps.append("B")',
    ),
    Case(
        "function-hides-a-modules",
        {
            "main.py": """
                import json

                def dumps(value):
                    return dumps(value, sort_keys=True) if False else dumps(value)

                print(dumps({"b": 1, "a": 2}))
            """
        },
        '{"b": 1, "a": 2}\n',
        "json.dumps(value)",
    ),
    Case(
        "children",
        {
            "files.py": """
                class Folder:
                    def __init__(self, size, folders=()):
                        self.size = size
                        self.folders = list(folders)

                    def total(self):
                        found = self.size
                        for folder in self.folders:
                            found += self.total()
                        return found
            """,
            "main.py": "from files import Folder\n\nprint(Folder(1, [Folder(2), Folder(3, [Folder(4)])]).total())\n",
        },
        "10\n",
        "folder.total()",
    ),
    Case(
        "unchanged-number",
        {"main.py": "def power(base, n):\n    if n == 0:\n        return 1\n    return base * power(base, n)\n\n\nprint(power(2, 5))\n"},
        "32\n",
        "power(base, n - 1)",
    ),
    Case(
        "wrong-way",
        {"main.py": "def countdown(n):\n    if n <= 0:\n        return ['go']\n    return [n] + countdown(n + 1)\n\n\nprint(countdown(2))\n"},
        "[2, 1, 'go']\n",
        "countdown(n - 1)",
    ),
    Case(
        "binary-search",
        {
            "main.py": """
                def find(items, wanted, low, high):
                    if low > high:
                        return -1
                    middle = (low + high) // 2
                    if items[middle] == wanted:
                        return middle
                    if items[middle] < wanted:
                        return find(items, wanted, middle, high)
                    return find(items, wanted, low, middle - 1)

                numbers = [1, 3, 5, 7, 9]
                print(find(numbers, 9, 0, 4), find(numbers, 4, 0, 4))
            """
        },
        "4 -1\n",
        "middle + 1, high",
    ),
    Case(
        "halves-of-one",
        {
            "main.py": """
                def merge_sort(items):
                    if not items:
                        return []
                    middle = len(items) // 2
                    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
                    found = []
                    while left and right:
                        found.append(left.pop(0) if left[0] <= right[0] else right.pop(0))
                    return found + left + right

                print(merge_sort([3, 1, 2]))
            """
        },
        "[1, 2, 3]\n",
        "len(items) <= 1",
    ),
    Case(
        "text-is-made-of-texts",
        {
            "main.py": """
                def flat(value):
                    try:
                        return [leaf for item in value for leaf in flat(item)]
                    except TypeError:
                        return [value]

                print(flat([1, ["ab", [2]]]))
            """
        },
        "[1, 'ab', 2]\n",
        "isinstance(value, (str, bytes))",
    ),
    Case(
        "graph-with-a-circle",
        {
            "graph.py": """
                def reachable(graph, node):
                    found = [node]
                    for other in graph.get(node, []):
                        found.extend(reachable(graph, other))
                    return found
            """,
            "main.py": "from graph import reachable\n\nprint(reachable({'a': ['b'], 'b': ['c'], 'c': ['a']}, 'a'))\n",
        },
        "['a', 'b', 'c']\n",
        "if node in seen:",
    ),
    Case("no-end", {"main.py": "def backwards(text):\n    return backwards(text[1:]) + text[0]\n\n\nprint(backwards('abc'))\n"}, "cba\n", "if not text:"),
    Case("stepped-over", {"main.py": "def hops(n):\n    if n == 0:\n        return 0\n    return 1 + hops(n - 2)\n\n\nprint(hops(5))\n"}, "3\n", "n <= 0"),
    Case(
        "fibonacci", {"main.py": "def fib(n):\n    if n == 1:\n        return 1\n    return fib(n - 1) + fib(n - 2)\n\n\nprint(fib(10))\n"}, "55\n", "return n"
    ),
    Case(
        "hash-of-itself",
        {
            "main.py": """
                class Point:
                    def __init__(self, x, y):
                        self.x = x
                        self.y = y

                    def __eq__(self, other):
                        return (self.x, self.y) == (other.x, other.y)

                    def __hash__(self):
                        return hash(self)

                print(len({Point(1, 2), Point(1, 2)}))
            """
        },
        "1\n",
        "hash((self.x, self.y))",
    ),
]

OLD = [case for case in CASES if case.name in ("setter-sets-itself", "dict-subclass", "children", "wrapped-object", "binary-search", "wrapper-calls-itself")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_repaired(case, tmp_path):
    check(tmp_path, case, RULE)


@pytest.mark.parametrize("case", OLD, ids=lambda case: case.name)
def test_repaired_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


def test_deep_data_is_left_alone(tmp_path):
    refuse(
        tmp_path,
        {
            "main.py": """
                class Item:
                    def __init__(self, rest):
                        self.rest = rest

                def length(item):
                    if item is None:
                        return 0
                    return 1 + length(item.rest)

                chain = None
                for _ in range(3000):
                    chain = Item(chain)
                print(length(chain))
            """
        },
        "where it should end",
    )


def test_property_without_a_store_is_left_alone(tmp_path):
    refuse(
        tmp_path,
        {
            "main.py": """
                class Order:
                    def __init__(self, lines):
                        self.lines = lines

                    @property
                    def total(self):
                        return self.total

                print(Order([1]).total)
            """
        },
        "nothing in the class keeps its value",
    )


def told(root, *places):
    """A failure as a log tells it: no locals, no columns, the circle three times."""
    frames = [
        Frame(file=str(root / file), line=line, function=name, source=(root / file).read_text().split("\n")[line - 1].strip()) for file, line, name in places
    ]
    raised = Raised(type="RecursionError", message="maximum recursion depth exceeded", frames=(frames[0], *frames[1:] * 3))
    return Failure(target="t", pid=0, source="log", at=0.0, exceptions=(raised,))


def test_getattribute_from_a_log(tmp_path):
    write(
        tmp_path,
        {
            "main.py": """
                class Counted:
                    def __init__(self):
                        self.value = 4

                    def __getattribute__(self, name):
                        return self.__dict__[name]

                print(Counted().value)
            """
        },
    )
    diagnosis = diagnose(tmp_path, told(tmp_path, ("main.py", 8, "<module>"), ("main.py", 6, "__getattribute__")))
    assert diagnosis.proposals[0].rule == RULE
    apply(tmp_path, diagnosis.proposals[0])
    assert run(tmp_path) == ("4\n", None)


def test_a_part_and_its_whole_show_each_other(tmp_path):
    write(
        tmp_path,
        {
            "tree.py": """
                class Team:
                    def __init__(self, name):
                        self.name = name
                        self.players = []

                    def add(self, player):
                        player.team = self
                        self.players.append(player)

                    def __repr__(self):
                        return f"Team({self.name}: {', '.join(repr(player) for player in self.players)})"


                class Player:
                    def __init__(self, name, team=None):
                        self.name = name
                        self.team = team

                    def __repr__(self):
                        return f"Player({self.name!r}, {self.team!r})"
            """,
            "main.py": "from tree import Player, Team\n\nteam = Team('x')\nteam.add(Player('ann'))\nprint(team)\n",
        },
    )
    places = [("main.py", 5, "<module>"), ("tree.py", 11, "__repr__"), ("tree.py", 11, "<genexpr>"), ("tree.py", 20, "__repr__")]
    diagnosis = diagnose(tmp_path, told(tmp_path, *places))
    assert diagnosis.proposals[0].rule == RULE, diagnosis
    apply(tmp_path, diagnosis.proposals[0])
    assert run(tmp_path) == ("Team(x: Player('ann', 'x'))\n", None)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
