from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "attribute-unset"

CASES = [
    Case(
        "forgotself",
        {
            "main.py": """
                class A:
                    def __init__(self, n):
                        self.n = n
                        items = []
                    def add(self, x):
                        self.items.append(x)
                        return self.items
                print(A(1).add(2))
            """,
        },
        "[2]\n",
    ),
    Case(
        "param",
        {
            "main.py": """
                class A:
                    def __init__(self, host, port=80):
                        self.host = host
                    def url(self):
                        return f'{self.host}:{self.port}'
                print(A('h').url())
            """,
        },
        "h:80\n",
    ),
    Case(
        "nameown",
        {
            "main.py": """
                class A:
                    def __init__(self, host, port=80):
                        self.host = host
                        port = port
                    def url(self):
                        return f'{self.host}:{self.port}'
                print(A('h').url())
            """,
        },
        "h:80\n",
    ),
    Case(
        "order",
        {
            "main.py": """
                class A:
                    def __init__(self, path):
                        self.path = path
                        self._load()
                        self.rows = []
                        self.seen = set()

                    def _load(self):
                        for x in (1, 2):
                            self.rows.append(x)
                            self.seen.add(x)
                a = A('p')
                print(a.rows)
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "order2",
        {
            "main.py": """
                class A:
                    def __init__(self, price, qty):
                        self.total = self.price * self.qty
                        self.price = price
                        self.qty = qty
                print(A(2,3).total)
            """,
        },
        "6\n",
    ),
    Case(
        "aug",
        {
            "main.py": """
                class A:
                    def __init__(self, n):
                        self.n = n
                    def hit(self):
                        self.count += 1
                        return self.count
                print(A(1).hit())
            """,
        },
        "1\n",
    ),
    Case(
        "noinit",
        {
            "main.py": """
                class A:
                    '''doc'''

                    def hit(self, k):
                        self.cache[k] = 1
                        return self.cache
                print(A().hit('x'))
            """,
        },
        "{'x': 1}\n",
    ),
    Case(
        "reset",
        {
            "main.py": """
                class A:
                    def __init__(self, n):
                        self.n = n
                    def reset(self):
                        self.errors = []
                    def check(self):
                        if self.n < 0:
                            self.errors.append('neg')
                        return self.errors
                print(A(-1).check())
            """,
        },
        "['neg']\n",
    ),
    Case(
        "spelling",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.itmes = []
                    def add(self, x):
                        self.items.append(x)
                        return len(self.items)
                print(A().add(1))
            """,
        },
        "1\n",
    ),
    Case(
        "spelling2",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.itmes = []
                    def clear(self):
                        self.items = []
                    def add(self, x):
                        self.items.append(x)
                        return len(self.items)
                print(A().add(1))
            """,
        },
        "1\n",
    ),
    Case(
        "branch",
        {
            "main.py": """
                class A:
                    def __init__(self, log=False):
                        if log:
                            self.lines = []
                    def add(self, x):
                        self.lines.append(x)
                        return len(self.lines)
                print(A().add(1))
            """,
        },
        "1\n",
    ),
    Case(
        "setup",
        {
            "main.py": """
                class P:
                    def __init__(self, x):
                        self.x = x
                    def _prepare(self):
                        self.table = {i: i * self.x for i in range(3)}
                    def get(self, i):
                        return self.table[i]
                print(P(2).get(2))
            """,
        },
        "4\n",
    ),
    Case(
        "base",
        {
            "base.py": """
                class B:
                    def __init__(self, name):
                        name = name.upper()
                    def hi(self):
                        return 'hi ' + self.name
            """,
            "main.py": """
                from base import B
                class C(B):
                    pass
                print(C('x').hi())
            """,
        },
        "hi X\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "the-base-sets-it": {
        "main.py": """
            class A:
                def __init__(self):
                    self.rows = []


            class B(A):
                def __init__(self):
                    self.n = 1

                def add(self, row):
                    self.rows.append(row)


            B().add(1)
        """
    },
    "somebody-must-call-it": {
        "main.py": """
            class A:
                def __init__(self):
                    self.n = 1

                def open(self):
                    self.file = object()

                def name(self):
                    return self.file


            a = A()
            try:
                a.name()
            finally:
                a.open()
        """
    },
    "dynamic-attributes": {
        "main.py": """
            class A:
                def __init__(self):
                    self.n = 1

                def __getattr__(self, name):
                    raise AttributeError(name)

                def add(self):
                    self.count += 1


            A().add()
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
