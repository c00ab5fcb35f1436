from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "other-object"

CASES = [
    Case(
        "wrongvar",
        {
            "m.py": """
                class User:
                    def __init__(self, name, age):
                        self.name = name
                        self.age = age
                    @property
                    def label(self):
                        return self.name
            """,
            "main.py": """
                from m import User
                def f(users):
                    out = []
                    for user in users:
                        out.append(users.name)
                    return out
                print(f([User('a', 1)]))
            """,
        },
        "['a']\n",
    ),
    Case(
        "clsinst2",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.n = 1
                    def go(self):
                        return A.n + 1
                print(A().go())
            """,
        },
        "2\n",
    ),
    Case(
        "len",
        {
            "main.py": """
                class Cart:
                    def __init__(self):
                        self.items = [1]
                    def __len__(self):
                        return len(self.items)
                def f(c):
                    return c.length
                print(f(Cart()))
            """,
        },
        "1\n",
    ),
    Case(
        "delegate-attr",
        {
            "main.py": """
                class Customer:
                    def __init__(self):
                        self.email = 'e'
                class Order:
                    def __init__(self):
                        self.customer = Customer()
                def f(o):
                    return o.email
                print(f(Order()))
            """,
        },
        "e\n",
    ),
    Case(
        "super",
        {
            "main.py": """
                class A:
                    def on_start(self):
                        return 'a'
                class B(A):
                    def on_start(self):
                        return super().on_strat() + 'b'
                print(B().on_start())
            """,
        },
        "ab\n",
    ),
    Case(
        "modfunc",
        {
            "pricing.py": """
                def total_price(order):
                    return order.qty * 2
            """,
            "models.py": """
                class Order:
                    def __init__(self, qty):
                        self.qty = qty
            """,
            "main.py": """
                from models import Order
                print(Order(2).total_price())
            """,
        },
        "4\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "no-part-has-it": {
        "main.py": """
            class Order:
                def __init__(self):
                    self.rows = []


            def f(order):
                return order.email


            f(Order())
        """
    },
    "two-parts-have-it": {
        "main.py": """
            class Address:
                def __init__(self):
                    self.city = 'x'


            class Order:
                def __init__(self):
                    self.billing = Address()
                    self.shipping = Address()


            def f(order):
                return order.city


            f(Order())
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)


@pytest.mark.parametrize(
    "case",
    [
        Case(
            "another-variable",
            {
                "main.py": """
                    class User:
                        def __init__(self, name):
                            self.name = name

                    def greet(users, text):
                        user = users[0]
                        return text + " " + text.name

                    print(greet([User("ann")], "hi"))
                """
            },
            "hi ann\n",
            'text + " " + user.name',
        ),
        Case(
            "instance-of-the-loop",
            {
                "main.py": """
                    class User:
                        def __init__(self, name):
                            self.name = name

                    def names(users):
                        return ", ".join(User.name for user in users)

                    print(names([User("ann"), User("bo")]))
                """
            },
            "ann, bo\n",
        ),
    ],
    ids=lambda case: case.name,
)
def test_a_variable_at_hand_that_has_it(case, tmp_path):
    solved(tmp_path, case, RULE)


AT_HAND = [
    Case(
        "the-item-that-is-taken-beside-it",
        {
            "library.py": """
                class Book:
                    def __init__(self, title, year):
                        self.title = title
                        self.year = year

                def oldest(books):
                    found = sorted(books, key=lambda book: book.year)
                    title = found[0].title
                    return title, found.year
            """,
            "main.py": """
                from library import Book, oldest

                print(oldest([Book("b", 2), Book("a", 1)]))
            """,
        },
        "('a', 1)\n",
        "found[0].year",
    ),
    Case(
        "the-parameter-of-a-lambda",
        {
            "main.py": """
                class Truck:
                    def __init__(self, tons):
                        self.tons = tons

                def heaviest(trucks):
                    return max(trucks, key=lambda truck: Truck.tons)

                print(heaviest([Truck(1), Truck(3), Truck(2)]).tons)
            """
        },
        "3\n",
        "lambda truck: truck.tons",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "old"])
@pytest.mark.parametrize("case", AT_HAND, ids=lambda case: case.name)
def test_what_is_at_hand(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


def test_a_list_of_which_no_item_is_taken_is_left(tmp_path):
    files = {
        "main.py": "class Book:\n    def __init__(self, year):\n        self.year = year\n\n\ndef oldest(books):\n    found = sorted(books, key=id)\n"
        "    return found.year\n\n\nprint(oldest([Book(1), Book(2)]))\n"
    }
    silent(tmp_path, files, RULE)
