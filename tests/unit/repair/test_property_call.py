from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check

RULE = "property-call"

ORDER = """
    class Order:
        def __init__(self, lines):
            self.lines = lines
            self.note = "n"

        @property
        def total(self):
            return sum(self.lines)

        def count(self):
            return len(self.lines)

        def owner(self):
            return {"name": "ada"}
"""

CASES = [
    Case(
        "property-in-two-modules",
        {
            "order.py": ORDER,
            "report.py": """
                from order import Order


                def line(order: Order):
                    return f"total {order.total()}"
            """,
            "main.py": """
                from order import Order
                from report import line

                print(line(Order([1, 2])))
                order = Order([3])
                print(order.total())
            """,
        },
        "total 3\n3\n",
        'f"total {order.total}"',
    ),
    Case("attribute-called", {"order.py": ORDER, "main.py": "from order import Order\n\nprint(Order([]).note().upper())\n"}, "N\n", ".note.upper()"),
    Case(
        "attribute-hides-a-method",
        {
            "main.py": """
                class Tank:
                    def __init__(self, level):
                        self.level = level

                    def fill(self, amount):
                        self.level += amount

                    def level(self):
                        return self.level

                tank = Tank(1)
                tank.fill(2)
                print(tank.level())
            """
        },
        "3\n",
        "self._level += amount",
    ),
    Case(
        "element-with-round-brackets",
        {"main.py": "class A:\n    def __init__(self):\n        self.prices = {'tea': 3}\n\nprint(A().prices('tea'))\n"},
        "3\n",
        "prices['tea']",
    ),
    Case("comma-left-out", {"main.py": "rows = [\n    (1, 2)\n    (3, 4),\n]\nprint(len(rows))\n"}, "2\n", "(1, 2),\n"),
    Case(
        "compared",
        {"order.py": ORDER, "main.py": "from order import Order\n\norder = Order([1])\nprint(order.count > 0, order.count >= 1)\n"},
        "True True\n",
        "order.count() >= 1",
    ),
    Case("added", {"order.py": ORDER, "main.py": "from order import Order\n\norder = Order([1])\nn = order.count\nprint(n + 1)\n"}, "2\n", "n = order.count()"),
    Case("subscripted", {"order.py": ORDER, "main.py": "from order import Order\n\nprint(Order([]).owner['name'])\n"}, "ada\n", "owner()['name']"),
    Case("iterated", {"main.py": "prices = {'a': 1}\nfor name, price in prices.items:\n    print(name, price)\n"}, "a 1\n", "prices.items()"),
    Case("chained", {"main.py": "def clean(text):\n    return text.strip.lower()\n\nprint(clean(' A '))\n"}, "a\n", "text.strip().lower()"),
    Case(
        "summed",
        {
            "main.py": """
                class Line:
                    def __init__(self, price):
                        self.price = price

                    def cost(self):
                        return self.price * 2

                lines = [Line(1), Line(2)]
                print(sum(line.cost for line in lines))
            """
        },
        "6\n",
        "line.cost() for line",
    ),
    Case("function-of-a-module", {"rates.py": "def rate():\n    return 2\n", "main.py": "from rates import rate\n\nprint(3 * rate)\n"}, "6\n", "3 * rate()"),
    Case("square-brackets-for-a-call", {"main.py": "rows = []\nrows.append[3]\nprint(rows)\n"}, "[3]\n", "rows.append(3)"),
    Case(
        "property-by-its-uses",
        {
            "main.py": """
                class Box:
                    def __init__(self, side):
                        self.side = side

                    @property
                    def area(self):
                        return self.side ** 2

                    def volume(self):
                        return self.side ** 3

                box = Box(2)
                print(box.volume + 1, box.volume * 2, box.volume - 1, box.area)
            """
        },
        "9 16 7 4\n",
        "@property\n    def volume",
    ),
    Case(
        "test-of-a-method",
        {
            "stock.py": """
                class Stock:
                    def __init__(self, left):
                        self.left = left

                    def is_empty(self):
                        return self.left == 0


                def state(stock):
                    if stock.is_empty:
                        return "empty"
                    return "full"
            """,
            "main.py": """
                from stock import Stock, state

                assert state(Stock(0)) == "empty"
                assert state(Stock(2)) == "full"
                print("ok")
            """,
        },
        "ok\n",
        "if stock.is_empty():",
    ),
    Case(
        "property-without-a-setter",
        {
            "main.py": """
                class User:
                    def __init__(self, name):
                        self.name = name

                    @property
                    def name(self):
                        return self._name.title()

                print(User("ada").name)
            """
        },
        "Ada\n",
        "self._name = name",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


def test_an_assertion_of_another_kind_is_not_its_case(tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": "def f(n):\n    if n:\n        return 1\n    return 2\n\nassert f(1) == 2\n"})


def test_a_value_given_by_a_caller_is_left_alone(tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": "def run(job):\n    return job()\n\nrun(3)\n"})


def test_a_method_that_needs_arguments_is_not_called_without(tmp_path):
    files = {"main.py": "class A:\n    def cost(self, n):\n        return n\n\nprint(A().cost + 1)\n"}
    leaves_alone(RULE, tmp_path, files)
