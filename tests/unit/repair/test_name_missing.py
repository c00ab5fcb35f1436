from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case, check, refuse

RULE = "name-missing"

CASES = [
    Case(
        "typo-local",
        {
            "main.py": """
                def mean(readings):
                    total = 0
                    for reading in readings:
                        total += reading
                    return totl / len(readings)
                print(mean([2, 4]))
            """,
        },
        "3.0\n",
    ),
    Case(
        "typo-param",
        {
            "main.py": """
                def f(customer_name, amount):
                    return f"{cusotmer_name}: {amount}"
                print(f("ann", 2))
            """,
        },
        "ann: 2\n",
    ),
    Case(
        "typo-func",
        {
            "main.py": """
                def calculate_total(xs):
                    return sum(xs)
                def report(xs):
                    return calcualte_total(xs)
                print(report([1, 2]))
            """,
        },
        "3\n",
    ),
    Case(
        "wrong-binding",
        {
            "main.py": """
                def stats(xs):
                    totl = sum(xs)
                    n = len(xs)
                    if total > 3:
                        return total / n
                    return total
                print(stats([4, 4]))
            """,
        },
        "4.0\n",
    ),
    Case(
        "class-attr",
        {
            "main.py": """
                class Cart:
                    LIMIT = 3
                    names = []
                    def room(self, held):
                        return LIMIT - held
                    @staticmethod
                    def lim():
                        return LIMIT
                    @classmethod
                    def l2(cls):
                        return LIMIT + 1
                print(Cart().room(1), Cart.lim(), Cart.l2())
            """,
        },
        "2 3 4\n",
        "return self.LIMIT - held",
    ),
    Case(
        "class-comp",
        {
            "main.py": """
                class Table:
                    RATE = 3
                    SHIFT = 1
                    rows = [n * RATE + SHIFT for n in range(3)]
                print(Table.rows)
            """,
        },
        "[1, 4, 7]\n",
        "for RATE, SHIFT in [(RATE, SHIFT)] for n in range(3)",
    ),
    Case(
        "class-comp2",
        {
            "main.py": """
                class Table:
                    NAMES = ["a", "b"]
                    KINDS = ["x", "y"]
                    pairs = {(n, k) for n in NAMES for k in KINDS if k != "x"}
                print(sorted(Table.pairs))
            """,
        },
        "[('a', 'y'), ('b', 'y')]\n",
    ),
    Case(
        "order-call",
        {
            "main.py": """
                def main():
                    return helper(2)

                print(main())

                def helper(x):
                    return x + 1
            """,
        },
        "3\n",
    ),
    Case(
        "order-default",
        {
            "main.py": """
                def go(limit=LIMIT):
                    return limit

                LIMIT = 10

                print(go())
            """,
        },
        "10\n",
    ),
    Case(
        "order-ann",
        {
            "main.py": """
                class Node:
                    def link(self, other: Tree) -> None:
                        self.other = other

                class Tree:
                    pass

                Node().link(Tree())
                print("ok")
            """,
        },
        "ok\n",
        "from __future__ import annotations\n",
    ),
    Case(
        "order-self-ann",
        {
            "main.py": """
                class Node:
                    def __init__(self):
                        self.kids = []
                    def add(self, other: Node) -> Node:
                        self.kids.append(other)
                        return self
                print(len(Node().add(Node()).kids))
            """,
        },
        "1\n",
    ),
    Case(
        "order-base",
        {
            "main.py": """
                class Dog(Animal):
                    def noise(self):
                        return self.base() + "!"

                class Animal:
                    def base(self):
                        return "x"

                print(Dog().noise())
            """,
        },
        "x!\n",
    ),
    Case(
        "passed",
        {
            "main.py": """
                def line(order):
                    return f"{order} {currency}"

                def main():
                    currency = "EUR"
                    for order in [1, 2]:
                        print(line(order))

                main()
            """,
        },
        "1 EUR\n2 EUR\n",
        "def line(order, currency)",
    ),
    Case(
        "enum",
        {
            "main.py": """
                from enum import Enum
                class Color(Enum):
                    RED = 1
                    BLUE = 2
                def pick(x):
                    return RED if x else Color.BLUE
                print(pick(1).name)
            """,
        },
        "RED\n",
    ),
    Case(
        "quoted",
        {
            "main.py": """
                def f(row):
                    return row[price] * 2
                print(f({"price": 2}))
            """,
        },
        "4\n",
    ),
    Case(
        "null",
        {
            "main.py": """
                cfg = {"a": true, "b": null}
                print(cfg)
            """,
        },
        "{'a': True, 'b': None}\n",
    ),
    Case(
        "exc-builtin",
        {
            "main.py": """
                def f(x):
                    try:
                        return int(x)
                    except ValueEror:
                        return 0
                print(f("a"))
            """,
        },
        "0\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_repaired_program_runs_and_prints_what_it_should(case, tmp_path):
    check(tmp_path, case, RULE)


OLD = ["class-attr", "order-call", "passed", "typo-func", "typo-local"]


@pytest.mark.parametrize("name", OLD)
def test_it_works_from_the_traceback_of_an_old_python(name, tmp_path):
    case = next(item for item in CASES if item.name == name)
    check(tmp_path, case, RULE, old=True)


REFUSED = [
    (
        "nothing",
        {
            "main.py": """
                def f(xs):
                    return frobnicate(xs)
                print(f([1]))
            """,
        },
        "No visible name is close to frobnicate",
    ),
    (
        "branch",
        {
            "main.py": """
                if len("abc") > 5:
                    total = 3
                print(total)
            """,
        },
        "bound elsewhere in this file",
    ),
]


@pytest.mark.parametrize(("files", "word"), [item[1:] for item in REFUSED], ids=[item[0] for item in REFUSED])
def test_nothing_is_proposed_where_nothing_says_what_is_right(files, word, tmp_path):
    refuse(tmp_path, files, word)
