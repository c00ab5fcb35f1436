"""Values that one branch, one loop or a decorator loses, and turns that are not skipped without a reason."""

from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail

RULE = "none-value"

CASES = [
    Case(
        "one-branch-stores-what-the-other-returns",
        {
            "rates.py": """
                class Rates:
                    def __init__(self, load):
                        self.load = load
                        self.known = {}

                    def get(self, name):
                        if name not in self.known:
                            self.known[name] = self.load(name)
                        else:
                            return self.known[name]
            """,
            "main.py": "from rates import Rates\n\nrates = Rates(len)\nprint(rates.get('ab') * 2 + rates.get('ab'))\n",
        },
        "6\n",
        "            return self.known[name]\n        else:",
    ),
    Case(
        "the-store-is-the-last-step",
        {
            "main.py": """
                KNOWN = {}


                def square(n):
                    if n in KNOWN:
                        return KNOWN[n]
                    KNOWN[n] = n * n


                print(square(3) + square(3))
            """
        },
        "18\n",
        "    return KNOWN[n]",
    ),
    Case(
        "a-name-that-does-nothing-in-a-loop",
        {
            "tree.py": """
                class Node:
                    def __init__(self, name, children=()):
                        self.name = name
                        self.children = children


                def find(node, name):
                    if node.name == name:
                        return node
                    for child in node.children:
                        found = find(child, name)
                        if found is not None:
                            found
                    return None
            """,
            "main.py": "from tree import Node, find\n\nprint(find(Node('a', [Node('b', [Node('c')])]), 'c').name)\n",
        },
        "c\n",
        "            return found\n",
    ),
    Case(
        "the-only-way-to-a-value-does-nothing",
        {
            "main.py": """
                def first_even(rows):
                    for row in rows:
                        if row % 2 == 0:
                            row
                    return None


                print(first_even([1, 4, 6]) + 1)
            """
        },
        "5\n",
        "            return row\n",
    ),
    Case(
        "a-decorator-that-only-notes-down",
        {
            "registry.py": """
                COMMANDS = {}


                def command(name):
                    def register(function):
                        COMMANDS[name] = function
                    return register
            """,
            "main.py": """
                from registry import COMMANDS, command


                @command("hello")
                def hello(who):
                    return f"hello {who}"


                print(hello("ada"), sorted(COMMANDS))
            """,
        },
        "hello ada ['hello']\n",
        "        return function\n",
    ),
    Case(
        "a-class-whose-decorator-only-notes-it-down",
        {
            "core.py": "PLUGINS = {}\n\n\ndef plugin(cls):\n    PLUGINS[cls.__name__] = cls\n",
            "upper.py": """
                from core import plugin


                @plugin
                class Upper:
                    def apply(self, text):
                        return text.upper()
            """,
            "main.py": "import upper\nfrom core import PLUGINS\n\nprint(upper.Upper().apply('a'), sorted(PLUGINS))\n",
        },
        "A ['Upper']\n",
        "    return cls\n",
    ),
    Case(
        "made-in-a-try-and-checked-last",
        {
            "table.py": """
                class Table:
                    def __init__(self, texts):
                        self.texts = texts

                    def number(self, key):
                        try:
                            value = float(self.texts[key])
                        except ValueError as error:
                            raise RuntimeError(key) from error
                        self._check(value)

                    def _check(self, value):
                        if value < 0:
                            raise RuntimeError("negative")
            """,
            "main.py": "from table import Table\n\ntable = Table({'a': '1', 'b': '2.5'})\nprint(table.number('a') + table.number('b'))\n",
        },
        "3.5\n",
        "        return value\n",
    ),
    Case(
        "worked-out-once-and-not-given",
        {
            "invoice.py": """
                class Invoice:
                    def __init__(self, lines):
                        self.lines = lines
                        self._total = None
                        self._parts = {}

                    @property
                    def total(self):
                        if self._total is None:
                            self._total = sum(self.lines)

                    def part(self, n):
                        if n not in self._parts:
                            self._parts[n] = self.lines[:n]
                        return self._parts[n]
            """,
            "main.py": "from invoice import Invoice\n\nprint(Invoice([1, 2]).total * 2, Invoice([1, 2]).part(1))\n",
        },
        "6 [1]\n",
        "        return self._total\n",
    ),
    Case(
        "filled-where-it-is-not-there-and-not-given",
        {
            "main.py": """
                KNOWN = {}


                def length(text):
                    if text not in KNOWN:
                        KNOWN[text] = len(text)


                print(length("ab") + length("ab"))
            """
        },
        "4\n",
        "    return KNOWN[text]\n",
    ),
    Case(
        "shuffled-by-a-generator-of-ones-own",
        {
            "deck.py": """
                class Deck:
                    def __init__(self, rng):
                        cards = list(range(52))
                        self.cards = rng.shuffle(cards)
            """,
            "main.py": """
                import random

                from deck import Deck

                expected = list(range(52))
                random.Random(3).shuffle(expected)
                deck = Deck(random.Random(3))
                print(deck.cards[0] == expected[0], len(deck.cards))
            """,
        },
        "True 52\n",
        "rng.shuffle(cards)\n        self.cards = cards\n",
    ),
    Case(
        "found-in-a-loop-and-left-there",
        {
            "fetcher.py": """
                def fetch(get, tries=3):
                    for attempt in range(tries):
                        try:
                            result = get()
                            break
                        except TimeoutError:
                            if attempt == tries - 1:
                                raise
            """,
            "main.py": "from fetcher import fetch\n\nprint(fetch(lambda: {'n': 5})['n'])\n",
        },
        "5\n",
        "            return result\n",
    ),
    Case(
        "an-operator-that-makes-its-result",
        {
            "vec.py": """
                class Vec:
                    def __init__(self, x):
                        self.x = x

                    def __add__(self, other):
                        if not isinstance(other, Vec):
                            return NotImplemented
                        Vec(self.x + other.x)
            """,
            "main.py": """
                from functools import reduce
                from operator import add

                from vec import Vec

                print(reduce(add, [Vec(1), Vec(2), Vec(3)]).x)
            """,
        },
        "6\n",
        "        return Vec(self.x + other.x)\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["now", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_lost_value_is_returned(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


_LOOKED_UP = """
    def find(products, number):
        return products.get(number)


    def total(products, order):
        {text}
        amount = 0
        for number in order:
            price = find(products, number)
            amount += price.amount
        return amount


    class Price:
        amount = 5


    print(total({{"a": Price()}}, ["a", "b"]))
"""


def test_a_sum_does_not_silently_lack_a_part(tmp_path):
    failure = fail(tmp_path, {"main.py": _LOOKED_UP.format(text='"""The price of an order."""')})
    assert diagnose(tmp_path, failure).proposals == ()


def test_a_part_is_left_out_where_the_function_says_so(tmp_path):
    failure = fail(tmp_path, {"main.py": _LOOKED_UP.format(text='"""The price of an order; unknown numbers are skipped."""')})
    found = diagnose(tmp_path, failure).proposals
    assert found
    assert "skip the turns" in found[0].title


def test_a_program_is_not_ended_without_a_word(tmp_path):
    files = {"main.py": "def find(name):\n    return {'a': {}}.get(name)\n\n\ndef main():\n    row = find('b')\n    print(row['url'])\n\n\nmain()\n"}
    assert diagnose(tmp_path, fail(tmp_path, files)).proposals == ()
