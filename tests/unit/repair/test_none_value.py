from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "none-value"

CASES = [
    Case(
        "forgotten-return-of-an-expression",
        {
            "pricing.py": """
                def discount(price, percent):
                    saved = price * percent / 100  # kept
                    round(price - saved, 2)
            """,
            "main.py": """
                from pricing import discount

                print(discount(10, 50) + 1)
            """,
        },
        "6.0\n",
        "    return round(price - saved, 2)",
    ),
    Case(
        "forgotten-return-of-an-accumulator",
        {
            "main.py": """
                def total(lines):
                    result = 0
                    for line in lines:
                        result += line

                print(total([1, 2]) * 2)
            """
        },
        "6\n",
        "        result += line\n    return result",
    ),
    Case(
        "forgotten-return-in-both-branches",
        {
            "main.py": """
                def label(n):
                    if n > 1:
                        f"{n} items"
                    else:
                        "one" + " item"

                print(label(2).upper(), label(1).upper())
            """
        },
        "2 ITEMS ONE ITEM\n",
    ),
    Case(
        "needless-await",
        {
            "main.py": """
                import asyncio

                class Bus:
                    def __init__(self):
                        self.sent = []

                    def publish(self, event):
                        self.sent.append(event)

                class Shop:
                    def __init__(self):
                        self.bus = Bus()

                    async def buy(self, sku):
                        await self.bus.publish(sku)
                        return len(self.bus.sent)

                print(asyncio.run(Shop().buy("tea")))
            """
        },
        "1\n",
        "        self.bus.publish(sku)\n",
    ),
    Case(
        "forgotten-return-of-a-coroutine",
        {
            "main.py": """
                import asyncio

                async def deliver(sku):
                    return sku.upper()

                def send(sku):
                    deliver(sku)

                async def main():
                    return await send("tea")

                print(asyncio.run(main()))
            """
        },
        "TEA\n",
        "return deliver(sku)",
    ),
    Case(
        "optional-hook-awaited",
        {
            "main.py": """
                import asyncio

                class Job:
                    def __init__(self, done=None):
                        self.done = done

                    async def run(self):
                        await self.done
                        return "ran"

                print(asyncio.run(Job().run()))
            """
        },
        "ran\n",
        "if self.done is not None:\n            await self.done",
    ),
    Case(
        "same-guard-as-a-sibling",
        {
            "main.py": """
                class NotFound(Exception):
                    pass

                class Orders:
                    def __init__(self):
                        self.rows = {"a": "tea"}

                    def show(self, key):
                        row = self.rows.get(key)
                        if row is None:
                            raise NotFound(key)
                        return row.upper()

                    def size(self, number):
                        order = self.rows.get(number)
                        return len(order.strip())

                orders = Orders()
                try:
                    orders.size("b")
                except NotFound as error:
                    print("not found", error, orders.size("a"))
            """
        },
        "not found b 3\n",
        "if order is None:\n            raise NotFound(number)",
    ),
    Case(
        "early-return-as-the-function-does",
        {
            "main.py": """
                import re

                def number(text):
                    if not text:
                        return None
                    return int(re.match(r"(\\d+)", text).group(1))

                print(number("12a"), number(""), number("a"))
            """
        },
        "12 None None\n",
        'found = re.match(r"(\\d+)", text)\n    if found is None:\n        return None\n    return int(found.group(1))',
    ),
    Case(
        "skip-in-a-loop",
        {
            "main.py": """
                def find(key):
                    if key == "a":
                        return "tea"
                    return None

                def names(keys):
                    found = []
                    for key in keys:
                        row = find(key)
                        found.append(row.upper())
                    return found

                print(names(["a", "b", "a"]))
            """
        },
        "['TEA', 'TEA']\n",
        "        if row is None:\n            continue\n",
    ),
    Case(
        "leave-out-in-a-comprehension",
        {
            "main.py": """
                def names(rows):
                    return [row.upper() for row in rows]

                print(names(["a", None, "b"]))
            """
        },
        "['A', 'B']\n",
        "for row in rows if row is not None]",
    ),
    Case(
        "default-of-get",
        {
            "main.py": """
                def total(prices, sku):
                    shipping = prices.get("shipping")
                    return prices[sku] + shipping

                print(total({"tea": 3}, "tea"))
            """
        },
        "3\n",
        'prices.get("shipping", 0)',
    ),
    Case(
        "default-of-an-optional-attribute",
        {
            "main.py": """
                from dataclasses import dataclass
                from typing import Optional

                @dataclass
                class Line:
                    price: int
                    fee: Optional[int] = None

                    def total(self):
                        return self.price + self.fee

                print(Line(3).total(), Line(3, 1).total())
            """
        },
        "3 4\n",
        "self.price + (self.fee or 0)",
    ),
    Case(
        "the-project-s-own-default",
        {
            "main.py": """
                class Line:
                    def __init__(self, price, factor=None):
                        self.price = price
                        self.factor = factor

                    def tax(self):
                        return (self.factor or 1) * 2

                    def total(self):
                        return self.price * self.factor

                print(Line(3).total(), Line(3).tax())
            """
        },
        "3 2\n",
        "self.price * (self.factor or 1)",
    ),
    Case(
        "iterate-an-optional-parameter",
        {
            "main.py": """
                def names(extra=None):
                    found = ["a"]
                    for name in extra:
                        found.append(name)
                    return found

                print(names(), names(["b"]))
            """
        },
        "['a'] ['a', 'b']\n",
        "for name in extra or ():",
    ),
    Case(
        "nested-get",
        {"main.py": 'def port(config):\n    return config.get("server").get("port", 80)\n\nprint(port({}))\n'},
        "80\n",
        'config.get("server", {}).get("port", 80)',
    ),
    Case(
        "optional-collaborator",
        {
            "main.py": """
                class Shop:
                    def __init__(self, log=None):
                        self.log = log

                    def open(self):
                        if self.log is not None:
                            self.log.append("open")

                    def close(self):
                        self.log.append(
                            "close"
                        )
                        return "closed"

                print(Shop().close())
            """
        },
        "closed\n",
        'if self.log is not None:\n            self.log.append(\n                "close"\n            )\n        return',
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    diagnosis = check(tmp_path, case, RULE, old=old)
    for base, new in diagnosis.proposals[0].files.values():
        assert new.count(b"except") == base.count(b"except")


REFUSED = {
    "nothing-says-what-absence-means": (
        {"main.py": "def find():\n    return None\n\ndef show():\n    row = find()\n    return row.upper()\n\nshow()\n"},
        "Nothing in show() says",
    ),
    "multiplied-without-a-habit": (
        {"main.py": "def area(width, height):\n    return width * height\n\narea(2, None)\n"},
        "Nothing in area() says",
    ),
    "two-ways-of-absence": (
        {"main.py": "def size(a, b):\n    if a == 1:\n        return 0\n    if a == 2:\n        return None\n    return b.real + 1\n\nsize(3, None)\n"},
        "in 2 ways",
    ),
    "both-are-none": ({"main.py": "def add(a, b):\n    return a + b\n\nadd(None, None)\n"}, "Both sides were None"),
    "a-lock-is-not-skipped": ({"main.py": "def go(lock):\n    lock.acquire()\n    print('work')\n\ngo(None)\n"}, "Nothing in go() says"),
    "in-another-s-code": ({"main.py": "import json\njson.loads(None)\n"}, ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_open_is_refused(name, tmp_path):
    files, word = REFUSED[name]
    refuse(tmp_path, files, word)


def test_without_columns_two_equal_candidates_are_refused(tmp_path):
    refuse(tmp_path, {"main.py": "class A:\n    x = None\n    y = None\n\nprint(A.x.real + A.y.real)\n"}, "nothing says which", old=True)


def test_a_function_that_returns_none_on_purpose_is_less_certain(tmp_path):
    files = {"main.py": "def half(n):\n    if n < 0:\n        return None\n    n / 2\n\nprint(half(4) + 1)\n"}
    best = diagnose(tmp_path, fail(tmp_path, files)).proposals[0]
    assert best.prior < 0.6
    assert best.cautions
