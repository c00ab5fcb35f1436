from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "call-signature"

CASES = [
    Case(
        "renamed-keyword-in-two-files",
        {
            "pricing.py": "def total(price, *, quantity=1, currency='EUR'):\n    return f'{price * quantity} {currency}'\n",
            "cart.py": """
                from pricing import total

                def checkout(price):
                    return total(
                        price,  # kept
                        qty=2,
                        currency="USD",  # kept
                    )
            """,
            "main.py": """
                import cart
                import pricing

                print(cart.checkout(3), pricing.total(4, qty = 5))
            """,
        },
        "6 USD 20 EUR\n",
        "quantity = 5",
        "(2 calls)",
    ),
    Case(
        "the-only-unfilled-parameter",
        {
            "main.py": """
                def greet(name, greeting):
                    return f"{greeting}, {name}"

                print(greet("ann", hello="hi"))
            """
        },
        "hi, ann\n",
        'greet("ann", greeting="hi")',
    ),
    Case(
        "dropped-parameter",
        {
            "main.py": """
                class Mailer:
                    def send(self, to, text):
                        return f"{to}:{text}"

                mailer = Mailer()
                urgent = True
                print(mailer.send("ann", "hi", urgent=urgent))
            """
        },
        "ann:hi\n",
        'mailer.send("ann", "hi")',
    ),
    Case(
        "missing-argument-from-a-variable",
        {
            "main.py": """
                def charge(order, customer):
                    return f"{customer} pays {order}"

                def checkout(order, customer):
                    return charge(order)

                print(checkout("tea", "ann"))
            """
        },
        "ann pays tea\n",
        "charge(order, customer)",
    ),
    Case(
        "missing-keyword-from-self",
        {
            "billing.py": """
                class Invoice:
                    def __init__(self, amount, *, currency):
                        self.amount = amount
                        self.currency = currency
            """,
            "main.py": """
                from billing import Invoice

                class Shop:
                    def __init__(self):
                        self._currency = "EUR"

                    def bill(self, amount):
                        return Invoice(amount)

                print(Shop().bill(3).currency)
            """,
        },
        "EUR\n",
        "Invoice(amount, currency=self._currency)",
    ),
    Case(
        "missing-argument-is-an-attribute-of-another",
        {
            "main.py": """
                class Order:
                    def __init__(self, region):
                        self.region = region

                def tax(order, region):
                    return {"eu": 19, "us": 7}[region]

                def show(order):
                    return tax(order)

                print(show(Order("eu")))
            """
        },
        "19\n",
        "tax(order, order.region)",
    ),
    Case(
        "a-parameter-came-in-before-others",
        {
            "main.py": """
                def charge(order, customer, amount):
                    return f"{customer} pays {amount} for {order}"

                def checkout(order, customer, amount):
                    return charge(order, amount)

                print(checkout("tea", "ann", 3))
            """
        },
        "ann pays 3 for tea\n",
        "charge(order, customer, amount)",
    ),
    Case(
        "keyword-only-now",
        {
            "main.py": """
                def connect(host, *, port, timeout):
                    return f"{host}:{port} {timeout}"

                timeout = 3
                port = 80
                print(connect("h", timeout, port))
            """
        },
        "h:80 3\n",
        'connect("h", timeout=timeout, port=port)',
    ),
    Case(
        "one-argument-too-many",
        {
            "main.py": """
                def area(width, height):
                    return width * height

                width, height, depth = 2, 3, 4
                print(area(width, depth, height))
            """
        },
        "6\n",
        "area(width, height)",
    ),
    Case(
        "method-without-self",
        {
            "main.py": """
                class Cart:
                    def __init__(self):
                        self.prices = [1, 2]

                    def total():
                        return sum(self.prices)

                print(Cart().total())
            """
        },
        "3\n",
        "def total(self):",
    ),
    Case(
        "dataclass-field-renamed",
        {
            "main.py": """
                from dataclasses import dataclass, field

                @dataclass
                class Line:
                    sku: str
                    unit_price: int
                    tags: list = field(default_factory=list)

                print(Line("tea", price=3).unit_price)
            """
        },
        "3\n",
        'Line("tea", unit_price=3)',
    ),
    Case(
        "through-a-wrapper",
        {
            "main.py": """
                import functools

                def traced(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return function(*args, **kwargs)
                    return wrapper

                @traced
                def send(recipient, text):
                    return f"{recipient}:{text}"

                print(send(reciever="ann", text="hi"))
            """
        },
        "ann:hi\n",
        'send(recipient="ann", text="hi")',
    ),
    Case(
        "positional-only-now",
        {"main.py": "def half(value, /, digits=1):\n    return round(value / 2, digits)\n\nprint(half(value=3))\n"},
        "1.5\n",
        "half(3)",
    ),
    Case(
        "one-of-the-further-keywords",
        {
            "audit.py": """
                class Audit:
                    def __init__(self):
                        self.rows = []

                    def record(self, event, level="info", **fields):
                        self.rows.append((event, level, fields))
            """,
            "main.py": """
                from audit import Audit

                def lock(audit, user):
                    audit.record("locked", user, level="critical")

                audit = Audit()
                audit.record("login", user="ann")
                lock(audit, "bo")
                print(audit.rows[-1])
            """,
        },
        "('locked', 'critical', {'user': 'bo'})\n",
        'audit.record("locked", user=user, level="critical")',
    ),
    Case(
        "what-other-calls-give",
        {
            "main.py": """
                import math

                def circle(radius, factor):
                    return int(radius * factor)

                def one():
                    return circle(1, math.pi)

                def two():
                    return circle(
                        2
                    )

                print(one(), two())
            """
        },
        "3 6\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


REFUSED = {
    "a-library-function": ({"main.py": "import json\nprint(json.dumps({}, indentation=2))\n"}, "not the project's"),
    "defined-elsewhere": ({"main.py": "import collections\ncollections.namedtuple('A', 'b', fields=1)\n"}, "not defined in the project"),
    "nothing-in-scope": ({"main.py": "def charge(order, customer):\n    return order\n\nprint(charge('tea'))\n"}, "clearly the value for customer"),
    "an-effect-would-be-lost": (
        {"main.py": "def send(to):\n    return to\n\ndef load():\n    return 1\n\nprint(send('a', urgent=load()))\n"},
        "an effect of its own",
    ),
    "two-attributes-fit": (
        {
            "main.py": """
                class A:
                    def __init__(self): self.region = "x"

                def tax(one, two, region):
                    return region

                def go(one, two):
                    return tax(one, two)

                go(A(), A())
            """
        },
        "clearly the value for region",
    ),
    "called-through-a-variable": ({"main.py": "def f(a):\n    return a\n\nhandlers = [f]\nfor h in handlers:\n    h()\n"}, "called through a variable"),
    "two-keywords-equally-close": (
        {"main.py": "def draw(*, line_width=1, line_height=1):\n    return 1\n\ndraw(line=2)\n"},
        "equally close",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_open_is_refused(name, tmp_path):
    files, word = REFUSED[name]
    refuse(tmp_path, files, word)


def test_calls_in_tests_are_counted_and_left_alone(tmp_path):
    files = {
        "pricing.py": "def total(*, quantity):\n    return quantity\n",
        "tests/test_pricing.py": "from pricing import total\n\n\ndef test_it():\n    assert total(qty=1) == 1\n",
        "main.py": "from pricing import total\n\nprint(total(quantity=1), total(qty=2))\n",
    }
    best = diagnose(tmp_path, fail(tmp_path, files)).proposals[0]
    assert list(best.files) == ["main.py"]
    assert any("1 call in tests" in item for item in best.cautions)


MEANT = [
    Case(
        "a-keyword-in-other-words",
        {
            "report.py": """
                def render(rows, heading="Report", width=10):
                    return [heading, "-" * width, *rows]
            """,
            "main.py": """
                from report import render

                print(render(["a"], title="Totals")[0])
            """,
        },
        "Totals\n",
        'heading="Totals"',
    ),
    Case(
        "the-keyword-of-that-type",
        {
            "plot.py": """
                def bar(values, *, char="#", width=4):
                    return [char * (value * width) for value in values]
            """,
            "main.py": """
                from plot import bar

                print(bar([1, 2], 2))
            """,
        },
        "['##', '####']\n",
        "bar([1, 2], width=2)",
    ),
]


@pytest.mark.parametrize("case", MEANT, ids=lambda case: case.name)
def test_the_parameter_that_is_meant(case, tmp_path):
    check(tmp_path, case, RULE)


def test_a_dropped_keyword_is_less_sure_where_other_parameters_are_open(tmp_path):
    files = {"main.py": "def render(rows, width=3, kind=2):\n    return rows\n\n\nprint(render(['a'], colour='red'))\n"}
    open_ones = next(item for item in diagnose(tmp_path, fail(tmp_path, files)).proposals if item.rule == RULE)
    files = {"main.py": "def render(rows):\n    return rows\n\n\nprint(render(['a'], colour='red'))\n"}
    none_open = next(item for item in diagnose(tmp_path, fail(tmp_path, files)).proposals if item.rule == RULE)
    assert open_ones.prior < 0.5 < none_open.prior
