from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check

RULE = "missing-self"

CASES = [
    Case(
        "helper-method-and-attribute",
        {
            "report.py": """
                class Report:
                    def __init__(self, rows):
                        self.rows = rows

                    def _line(self, row):
                        return f"- {row}"

                    def text(self):
                        return "\\n".join(_line(row) for row in self.rows)

                    def again(self):
                        return _line("x")
            """,
            "main.py": """
                from report import Report

                print(Report(["a", "b"]).text())
                print(Report([]).again())
            """,
        },
        "- a\n- b\n- x\n",
        "self._line(row) for row in",
    ),
    Case(
        "counter-of-the-object",
        {
            "main.py": """
                class Meter:
                    def __init__(self):
                        self.count = 0

                    def tick(self):
                        count += 1
                        return count

                meter = Meter()
                meter.tick()
                print(meter.tick())
            """
        },
        "2\n",
        "self.count += 1",
    ),
    Case(
        "self-read-and-not-taken",
        {
            "main.py": """
                class Cart:
                    def __init__(self):
                        self.rate = 2

                    def scaled(amount):
                        return self.rate * 10

                print(Cart().scaled())
            """
        },
        "20\n",
        "def scaled(self",
    ),
    Case("another-name-for-self", {"main.py": "class A:\n    x = 1\n\n    def f(this):\n        return self.x\n\nprint(A().f())\n"}, "1\n", "def f(self)"),
    Case(
        "default-of-self",
        {
            "main.py": """
                class Page:
                    def __init__(self):
                        self.size = 3

                    def rows(self, count=self.size):
                        return list(range(count))

                print(Page().rows(), Page().rows(1))
            """
        },
        "[0, 1, 2] [0]\n",
        "count = self.size",
    ),
    Case(
        "static-with-self",
        {
            "main.py": """
                class Shop:
                    def __init__(self):
                        self.rate = 2

                    @staticmethod
                    def price(self, net):
                        return net * self.rate

                print(Shop().price(3))
            """
        },
        "6\n",
        "    def price(self, net)",
    ),
    Case(
        "class-method-of-objects",
        {
            "main.py": """
                class Shop:
                    def __init__(self):
                        self.rows = [1, 2]

                    @classmethod
                    def size(self):
                        return len(self.rows)

                print(Shop().size())
            """
        },
        "2\n",
    ),
    Case(
        "property-with-an-argument",
        {
            "main.py": """
                class Shop:
                    @property
                    def gross(self, rate):
                        return 10 * rate

                print(Shop().gross(2))
            """
        },
        "20\n",
    ),
    Case(
        "class-kept-instead-of-an-object",
        {
            "cart.py": """
                class Cart:
                    def __init__(self):
                        self.rows = []

                    def add(self, row):
                        self.rows.append(row)
                        return len(self.rows)
            """,
            "main.py": """
                from cart import Cart

                cart = Cart
                print(cart.add("tea"))
            """,
        },
        "1\n",
        "cart = Cart()",
    ),
    Case(
        "class-where-an-object-is-at-hand",
        {
            "main.py": """
                class Cart:
                    def __init__(self, rows):
                        self.rows = rows

                    def total(self):
                        return sum(self.rows)

                def show():
                    cart = Cart([1, 2])
                    return Cart.total()

                print(show())
            """
        },
        "3\n",
        "return cart.total()",
    ),
    Case(
        "class-inside-its-own-method",
        {
            "main.py": """
                class Cart:
                    def __init__(self, rows):
                        self.rows = rows

                    def total(self):
                        return sum(self.rows)

                    def mean(self):
                        return Cart.total() / len(self.rows)

                print(Cart([1, 2]).mean())
            """
        },
        "1.5\n",
        "self.total() / len",
    ),
    Case(
        "no-object-needed",
        {
            "main.py": """
                class Text:
                    def clean(self, text):
                        return text.strip()

                print(Text.clean(" a "))
            """
        },
        "a\n",
        "@staticmethod\n    def clean(text)",
    ),
    Case(
        "called-on-the-class-with-an-object-at-hand",
        {
            "cart.py": """
                class Cart:
                    def __init__(self):
                        self.lines = []

                    def add(self, price):
                        self.lines.append(price)

                    def total(self):
                        return sum(self.lines)
            """,
            "checkout.py": """
                from cart import Cart


                class Checkout:
                    def __init__(self, cart):
                        self.cart = cart

                    def amount(self):
                        return Cart.total() * 2
            """,
            "main.py": """
                from cart import Cart
                from checkout import Checkout

                cart = Cart()
                cart.add(3)
                print(Checkout(cart).amount())
            """,
        },
        "6\n",
        "return self.cart.total() * 2",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


def test_a_name_that_objects_do_not_have_is_not_its_case(tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": "class A:\n    def f(self):\n        return qqqq\n\nA().f()\n"})


def test_a_static_method_has_no_object_to_read(tmp_path):
    files = {"main.py": "class A:\n    def __init__(self):\n        self.zzz = 1\n\n    @staticmethod\n    def f(n):\n        return zzz + n\n\nA().f(1)\n"}
    leaves_alone(RULE, tmp_path, files)


def test_an_object_that_needs_arguments_is_not_made_up(tmp_path):
    files = {"main.py": "class A:\n    def __init__(self, rows):\n        self.rows = rows\n\n    def size(self):\n        return len(self.rows)\n\nA.size()\n"}
    leaves_alone(RULE, tmp_path, files)
