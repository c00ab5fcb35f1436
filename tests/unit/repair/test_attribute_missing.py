from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "attribute-missing"

STOCK = """
    class Stock:
        def __init__(self):
            self.held = {"tea": 3}

        def reserve(self, sku, count):   # kept
            self.held[sku] -= count
            return self.held[sku]

        def restock(self, sku, count):
            self.held[sku] += count
"""

CASES = [
    Case(
        "renamed-method-two-uses",
        {
            "stock.py": STOCK,
            "main.py": """
                from stock import Stock

                class Desk:
                    def __init__(self, stock: Stock):
                        self.stock = stock

                    def one(self):
                        return self.stock.reserve_stock("tea", 1)  # first

                    def two(self):
                        return self.stock.reserve_stock(  "tea",2 )

                desk = Desk(Stock())
                print(desk.one(), desk.two())
            """,
        },
        "2 0\n",
        'self.stock.reserve(  "tea",2 )',
        "(2 places)",
    ),
    Case(
        "typing-mistake-of-an-attribute",
        {
            "main.py": """
                class Account:
                    def __init__(self, owner, balance):
                        self.owner = owner
                        self.balance = balance

                def show(account):
                    return f"{account.owner}: " + str( account.balanse )   # spaces stay

                print(show(Account("ann", 3)))
            """
        },
        "ann: 3\n",
        "str( account.balance )   # spaces stay",
    ),
    Case(
        "words-in-another-order",
        {
            "main.py": """
                class Totals:
                    def total_for_day(self, day):
                        return day * 2

                print(Totals().day_total_for(4))
            """
        },
        "8\n",
        "Totals().total_for_day(4)",
    ),
    Case(
        "arity-decides",
        {
            "main.py": """
                class Mailer:
                    def send_mail(self, to, text):
                        return f"{to}:{text}"

                    def send_mails(self, people):
                        return [self.send_mail(p, "") for p in people]

                print(Mailer().sendmail("ann", "hi"))
            """
        },
        "ann:hi\n",
        'Mailer().send_mail("ann", "hi")',
    ),
    Case(
        "constant-of-a-class",
        {
            "main.py": """
                class State:
                    OPEN = 1
                    CLOSED = 2

                print(State.Open)
            """
        },
        "1\n",
        "State.OPEN",
    ),
    Case(
        "function-of-a-project-module",
        {
            "pricing.py": "def discounted(price, percent):\n    return price * (100 - percent) // 100\n\n\ndef total(prices):\n    return sum(prices)\n",
            "main.py": """
                import pricing

                print(pricing.discount(200, 10))
            """,
        },
        "180\n",
        "pricing.discounted(200, 10)",
    ),
    Case(
        "another-verb-with-the-same-arguments",
        {
            "inventory.py": """
                class Inventory:
                    def __init__(self):
                        self.levels = {"mug": 5}

                    def add_stock(self, sku, count):
                        self.levels[sku] = self.levels.get(sku, 0) + count

                    def withdraw(self, sku, count):
                        self.levels[sku] -= count
                        return self.levels[sku]

                    def level(self, sku):
                        return self.levels[sku]
            """,
            "main.py": """
                from inventory import Inventory

                def write_off(inventory, sku, count):
                    left = inventory.remove_stock(sku, count)
                    return f"{left} left"

                print(write_off(Inventory(), "mug", 2))
            """,
        },
        "3 left\n",
        "inventory.withdraw(sku, count)",
    ),
    Case(
        "missing-accessor",
        {
            "main.py": '''
                class Order:
                    """An order."""

                    def __init__(self, lines):
                        self._lines = lines  # kept

                def count(order):
                    return len(order.get_lines())

                print(count(Order([1, 2])))
            '''
        },
        "2\n",
        "    def get_lines(self):\n        return self._lines",
    ),
    Case(
        "method-of-a-sibling-class",
        {
            "shapes.py": """
                class Shape:
                    name = "shape"

                class Card(Shape):
                    def __init__(self, fee, base):
                        self.fee = fee
                        self.base = base

                    def total_cost(self, rate):
                        # fees are taxed too
                        return (self.fee + self.base) * rate

                class Transfer(Shape):
                    def __init__(self, fee, base):
                        self.fee = fee
                        self.base = base
            """,
            "main.py": """
                from shapes import Card, Transfer

                print([item.total_cost(2) for item in (Card(1, 2), Transfer(3, 4))])
            """,
        },
        "[6, 14]\n",
        "        self.base = base\n\n    def total_cost(self, rate):\n        # fees are taxed too\n        return (self.fee + self.base) * rate\n",
    ),
    Case(
        "inverse-of-one-statement",
        {
            "main.py": """
                class Stock:
                    def __init__(self):
                        self.free = {"tea": 5}

                    def reserve(self, sku, count):
                        self.free[sku] -= count

                stock = Stock()
                stock.reserve("tea", 2)
                stock.release("tea", 1)
                print(stock.free)
            """
        },
        "{'tea': 4}\n",
        "def release(self, sku, count):\n        self.free[sku] += count",
    ),
    Case(
        "passed-on-to-a-part",
        {
            "main.py": """
                class Store:
                    def __init__(self):
                        self.rows = {}

                    def remember(self, key, value=1):
                        self.rows[key] = value
                        return len(self.rows)

                class Service:
                    def __init__(self):
                        self.store = Store()

                print(Service().remember("a"))
            """
        },
        "1\n",
        "def remember(self, key, value=1):\n        return self.store.remember(key, value)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


def test_builtin_types_are_known_without_an_object(tmp_path):
    case = Case("builtin", {"main.py": 'print(" tea ".stripp())\nprint({"a": 1}.iteritems())\n'}, "tea\ndict_items([('a', 1)])\n")
    failure = fail(tmp_path, case.files)
    assert diagnose(tmp_path, failure).proposals[0].files["main.py"][1].startswith(b'print(" tea ".strip())\n')


REFUSED = {
    "equally-close": (
        {"main.py": "class A:\n    def load_row(self): ...\n    def load_rom(self): ...\n\nA().load_ro()\n"},
        "equally close",
    ),
    "a-kind-of-value": ({"main.py": "class A:\n    customer_id = 3\n\nprint(A().customer)\n"}, "nothing like customer"),
    "two-siblings-disagree": (
        {
            "main.py": """
                class A:
                    def __init__(self): self.x = 1
                    def cost(self): return self.x + 1
                class B:
                    def __init__(self): self.x = 1
                    def cost(self): return self.x + 2
                class C:
                    def __init__(self): self.x = 1
                C().cost()
            """
        },
        "differently",
    ),
    "third-party-code": (
        {
            "site-packages/lib.py": "def go(x):\n    return x.lenght\n",
            "main.py": "import sys\nsys.path.insert(0, sys.path[0] + '/site-packages')\nimport lib\nlib.go('a')\n",
        },
        "not the project's",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_open_is_refused(name, tmp_path):
    files, word = REFUSED[name]
    refuse(tmp_path, files, word)


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "class A:\n    def draw(self): ...\n\nA().serialise()\n"},
        {"main.py": "class A:\n    def set_total(self): ...\n\nA().get_total()\n"},
    ],
    ids=["nothing-alike", "opposite-meaning"],
)
def test_nothing_but_a_marked_stub_where_nothing_is_alike(files, tmp_path):
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert [item.rule for item in diagnosis.proposals] == ["missing-method-stub"]
    assert diagnosis.proposals[0].prior <= 0.3


def test_a_test_file_is_never_edited(tmp_path):
    files = {
        "tests/test_x.py": "def go():\n    return 'a'.stripp()\n",
        "main.py": "import sys\nsys.path.insert(0, sys.path[0] + '/tests')\nimport test_x\ntest_x.go()\n",
    }
    refuse(tmp_path, files, "tests are not edited")


def test_thoughts_name_the_place_and_the_outcome(tmp_path):
    diagnosis = check(tmp_path, CASES[0], RULE)
    steps = [step for step, _ in diagnosis.thoughts]
    assert steps[0] == "saw"
    assert steps[-1] == "found"
    assert {"think", "try"} <= set(steps)
    assert "main.py:8" in diagnosis.thoughts[0][1]


MEANT = {
    "a-value-in-other-words": (
        {
            "store.py": """
                from dataclasses import dataclass

                @dataclass
                class Item:
                    name: str
                    quantity: int
                    unit_price: float

                    @property
                    def total_value(self):
                        return self.quantity * self.unit_price
            """,
            "main.py": """
                from store import Item

                for item in [Item("bolt", 4, 0.5)]:
                    print(item.name, item.total_price)
            """,
        },
        "bolt 2.0\n",
        "item.total_value",
    ),
    "another-way-to-make-one": (
        {
            "version.py": """
                class Version:
                    def __init__(self, *parts):
                        self.parts = parts

                    @classmethod
                    def parse(cls, text):
                        return cls(*map(int, text.split(".")))
            """,
            "main.py": """
                from version import Version

                print(max(Version.from_string(text).parts for text in ["1.9", "1.10"]))
            """,
        },
        "(1, 10)\n",
        "Version.parse(text)",
    ),
}


@pytest.mark.parametrize("name", MEANT)
def test_the_same_in_other_words(name, tmp_path):
    files, prints, has = MEANT[name]
    check(tmp_path, Case(name, files, prints, has), RULE)


def test_two_that_could_be_meant_are_none(tmp_path):
    files = {
        "main.py": "class Item:\n    def __init__(self):\n        self.total_value = 1\n        self.total_cost = 2\n\n\nprint(Item().total_price)\n",
    }
    assert [item for item in diagnose(tmp_path, fail(tmp_path, files)).proposals if item.rule == RULE] == []


def test_a_value_that_is_read_is_no_method_of_a_dict(tmp_path):
    files = {"main.py": "def age(entry):\n    return entry.updated\n\n\nprint(age({'published': 3}))\n"}
    assert [item for item in diagnose(tmp_path, fail(tmp_path, files)).proposals if item.rule == RULE] == []
