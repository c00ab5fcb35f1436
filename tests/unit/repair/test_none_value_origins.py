from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "none-value"

CASES = [
    Case(
        "through-an-attribute-and-another-module",
        {
            "settings.py": """
                def load(rows):
                    settings = {}
                    for name, value in rows:
                        settings[name.lower()] = value
                    print("loaded", len(settings))
            """,
            "service.py": """
                from settings import load


                class Service:
                    def __init__(self, rows):
                        self.settings = load(rows)

                    def port(self):
                        return self.settings["port"]
            """,
            "main.py": """
                from service import Service

                print(Service([("PORT", 80)]).port())
            """,
        },
        "loaded 1\n80\n",
        "    return settings",
    ),
    Case(
        "fluent-builder",
        {
            "query.py": """
                class Query:
                    def __init__(self):
                        self.parts = []

                    def where(self, text):
                        self.parts.append(text)

                    def limit(self, count):
                        self.parts.append(f"limit {count}")
                        return self

                    def sql(self):
                        return " ".join(self.parts)
            """,
            "main.py": """
                from query import Query

                print(Query().where("a = 1").limit(3).sql())
            """,
        },
        "a = 1 limit 3\n",
        "self.parts.append(text)\n        return self",
    ),
    Case(
        "decorator-loses-the-result",
        {
            "timing.py": """
                import functools


                def timed(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        result = function(*args, **kwargs)
                        print("called", function.__name__)

                    return wrapper
            """,
            "main.py": """
                from timing import timed


                @timed
                def price(count):
                    return count * 3


                print(price(2) + 1)
            """,
        },
        "called price\n7\n",
        "return result",
    ),
    Case(
        "decorator-does-not-give-the-wrapper",
        {
            "main.py": """
                def logged(function):
                    def wrapper(*args):
                        print("call", args)
                        return function(*args)

                @logged
                def double(x):
                    return 2 * x

                print(double(4))
            """
        },
        "call (4,)\n8\n",
        "    return wrapper",
    ),
    Case(
        "context-manager-yields-nothing",
        {
            "store.py": """
                from contextlib import contextmanager


                class Store:
                    def __init__(self):
                        self.rows = []

                    def close(self):
                        print("closed")


                @contextmanager
                def opened():
                    store = Store()
                    try:
                        yield
                    finally:
                        store.close()
            """,
            "main.py": """
                from store import opened

                with opened() as store:
                    store.rows.append(1)
                    print(store.rows)
            """,
        },
        "[1]\nclosed\n",
        "yield store",
    ),
    Case(
        "enter-gives-nothing",
        {
            "main.py": """
                class Timer:
                    def __enter__(self):
                        self.laps = [1]

                    def __exit__(self, *error):
                        return False

                with Timer() as timer:
                    print(timer.laps)
            """
        },
        "[1]\n",
        "return self",
    ),
    Case(
        "str-prints",
        {
            "main.py": """
                class Money:
                    def __init__(self, cents):
                        self.cents = cents

                    def __str__(self):
                        print(f"{self.cents / 100:.2f} EUR")

                print("total: " + str(Money(250)))
            """
        },
        "total: 2.50 EUR\n",
        'return f"{self.cents / 100:.2f} EUR"',
    ),
    Case(
        "iter-gives-nothing",
        {
            "main.py": """
                class Count:
                    def __init__(self, end):
                        self.end = end

                    def __iter__(self):
                        self.at = 0

                    def __next__(self):
                        if self.at >= self.end:
                            raise StopIteration
                        self.at += 1
                        return self.at

                print(list(Count(3)))
            """
        },
        "[1, 2, 3]\n",
        "return self",
    ),
    Case("sort-assigned", {"main.py": "def top(rows):\n    rows = rows.sort(reverse=True)\n    return rows[0]\n\nprint(top([1, 3, 2]))\n"}, "3\n"),
    Case("sort-returned", {"main.py": "def ranked(rows):\n    return rows.sort(key=len)\n\nprint(ranked(['bbb', 'a'])[0])\n"}, "a\n", "sorted(rows, key=len)"),
    Case("reverse-iterated", {"main.py": "rows = [1, 2]\nfor row in rows.reverse():\n    print(row)\n"}, "2\n1\n", "list(reversed(rows))"),
    Case(
        "append-assigned-in-a-loop",
        {
            "main.py": "def collect(rows):\n    found = []\n    for row in rows:\n        found = found.append(row * 2)\n    return "
            "found\n\nprint(collect([1, 2]))\n"
        },
        "[2, 4]\n",
        "        found.append(row * 2)",
    ),
    Case(
        "update-of-defaults",
        {
            "config.py": """
                DEFAULTS = {"port": 80, "host": "a"}

                def build(extra):
                    config = DEFAULTS.update(extra)
                    return config
            """,
            "main.py": """
                from config import DEFAULTS, build

                print(build({"port": 81})["port"], DEFAULTS["port"])
            """,
        },
        "81 80\n",
        "{**DEFAULTS, **extra}",
    ),
    Case(
        "shuffle-assigned",
        {"main.py": "import random\n\ndeck = list(range(4))\ndeck = random.shuffle(deck)\nprint(len(deck))\n"},
        "4\n",
        "\nrandom.shuffle(deck)",
    ),
    Case(
        "elements-of-a-join",
        {
            "main.py": """
                def line(name, price):
                    f"{name}: {price}"

                def page(rows):
                    lines = [line(*row) for row in rows]
                    return "; ".join(lines)

                print(page([("tea", 3), ("rum", 9)]))
            """
        },
        "tea: 3; rum: 9\n",
        'return f"{name}: {price}"',
    ),
    Case(
        "sum-of-a-method",
        {
            "main.py": """
                class Line:
                    def __init__(self, price, count):
                        self.price = price
                        self.count = count

                    @property
                    def total(self):
                        total = self.price * self.count

                lines = [Line(2, 3), Line(1, 1)]
                print(sum(line.total for line in lines))
            """
        },
        "7\n",
        "return total",
    ),
    Case(
        "recursion-without-return",
        {
            "main.py": """
                def depth(tree, wanted):
                    if tree["name"] == wanted:
                        return 0
                    for child in tree["children"]:
                        found = depth(child, wanted)
                        if found is not None:
                            return found + 1

                def search(node, key):
                    if node is None:
                        return None
                    if node["key"] == key:
                        return node
                    if key < node["key"]:
                        search(node["left"], key)
                    else:
                        search(node["right"], key)

                leaf = {"key": 1, "left": None, "right": None}
                print(search({"key": 2, "left": leaf, "right": None}, 1)["key"])
            """
        },
        "1\n",
        'return search(node["left"], key)',
    ),
    Case(
        "one-branch-forgets",
        {
            "main.py": """
                def grade(points):
                    if points > 90:
                        return "A"
                    elif points > 50:
                        result = "B"
                    else:
                        return "C"

                print(grade(95).lower(), grade(60).lower(), grade(1).lower())
            """
        },
        "a b c\n",
        "return result",
    ),
    Case(
        "formatted",
        {"main.py": "def mean(rows):\n    total = sum(rows)\n    average = total / len(rows)\n\nprint(f'{mean([1, 2]):.2f}')\n"},
        "1.50\n",
        "return average",
    ),
    Case(
        "unpacked",
        {"main.py": "def bounds(rows):\n    low = min(rows)\n    high = max(rows)\n    low, high\n\nfirst, last = bounds([3, 1])\nprint(first, last)\n"},
        "1 3\n",
        "return low, high",
    ),
    Case(
        "argument-of-a-library",
        {
            "main.py": "import json\n\ndef dump(row):\n    json.dumps(row)\n\ndef show(row):\n    text = dump(row)\n    return "
            "json.loads(text)\n\nprint(show([1]))\n"
        },
        "[1]\n",
        "return json.dumps(row)",
    ),
    Case(
        "list-parameter",
        {"main.py": "def add(name, names=None):\n    names.append(name)\n    return names\n\nprint(add('a'), add('b', ['x']))\n"},
        "['a'] ['x', 'b']\n",
        "if names is None:\n        names = []",
    ),
    Case(
        "list-attribute",
        {
            "main.py": """
                class Basket:
                    def __init__(self, lines=None):
                        self.lines = lines

                    def add(self, line):
                        self.lines.append(line)

                one, other = Basket(), Basket()
                one.add("tea")
                print(one.lines, Basket(["x"]).lines)
            """
        },
        "['tea'] ['x']\n",
        "self.lines = lines if lines is not None else []",
    ),
    Case(
        "field",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass
                class Post:
                    title: str
                    tags: list = None

                post = Post("a")
                post.tags.append("x")
                print(post.tags, Post("b").tags)
            """
        },
        "['x'] []\n",
        "field(default_factory=list)",
    ),
    Case(
        "mistyped-key-of-get",
        {"main.py": "def port(config):\n    return config.get('serevr')['port']\n\nprint(port({'server': {'port': 80}}))\n"},
        "80\n",
        "config.get('server')",
    ),
    Case(
        "match-that-should-search",
        {"main.py": "import re\n\ndef code(text):\n    found = re.match(r'E\\d+', text)\n    return found.group(0)\n\nprint(code('error E42 here'))\n"},
        "E42\n",
        "re.search(",
    ),
    Case(
        "end-of-a-linked-list",
        {
            "main.py": """
                class Node:
                    def __init__(self, key, after=None):
                        self.key = key
                        self.after = after

                def find(head, key):
                    node = head
                    while node.key != key:
                        node = node.after
                    return node

                chain = Node(1, Node(2))
                print(find(chain, 2).key, find(chain, 3))
            """
        },
        "2 None\n",
        "while node is not None and node.key != key:",
    ),
    Case(
        "made-on-demand-as-elsewhere",
        {
            "main.py": """
                class Cache:
                    def __init__(self):
                        self._rows = None

                    def _load(self):
                        self._rows = {"a": 1}

                    def get(self, key):
                        if self._rows is None:
                            self._load()
                        return self._rows[key]

                    def size(self):
                        return len(self._rows)

                print(Cache().size())
            """
        },
        "1\n",
        "if self._rows is None:\n            self._load()\n        return len",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_value_is_found_where_it_was_lost(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


def test_a_missing_variable_of_the_environment_is_told_and_not_made_up(tmp_path):
    files = {"main.py": "import os\n\nport = os.environ.get('SHOP_PORT')\nprint(int(port) + 1)\n"}
    diagnosis = refuse(tmp_path, files, "SHOP_PORT")
    assert diagnosis.advice[0].final


def test_a_branch_that_computes_nothing_is_left_open(tmp_path):
    files = {"main.py": "def rate(kind):\n    if kind == 'a':\n        return 1\n    elif kind == 'b':\n        return 2\n\nprint(rate('c') * 2)\n"}
    leaves_alone(RULE, tmp_path, files)
