from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "attribute-or-key"

CASES = [
    Case(
        "objdict",
        {
            "m.py": """
                from dataclasses import dataclass
                @dataclass
                class User:
                    name: str
                    age: int
            """,
            "main.py": """
                from m import User
                def f(users):
                    return [u['name'] + str(u['age']) for u in users]
                print(f([User('a', 1)]))
            """,
        },
        "['a1']\n",
    ),
    Case(
        "objget",
        {
            "m.py": """
                class User:
                    def __init__(self, name, age):
                        self.name = name
                        self.age = age
            """,
            "main.py": """
                from m import User
                def f(u):
                    n = u.get('name')
                    return n, u.get('age', 0), u.get('x', 3)
                print(f(User('a', 1)))
            """,
        },
        "('a', 1, 3)\n",
    ),
    Case(
        "ntuple",
        {
            "m.py": """
                from collections import namedtuple
                Row = namedtuple('Row', 'sku price')
            """,
            "main.py": """
                from m import Row
                def f(u):
                    return u['sku'], u['price']
                print(f(Row('a', 1)))
            """,
        },
        "('a', 1)\n",
    ),
    Case(
        "setitem",
        {
            "m.py": """
                class User:
                    def __init__(self, name, age):
                        self.name = name
                        self.age = age
            """,
            "main.py": """
                from m import User
                def f(u):
                    u['name'] = 'b'
                    return u['name']
                print(f(User('a', 1)))
            """,
        },
        "b\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, tmp_path):
    solved(tmp_path, case, RULE)


REFUSED = {
    "a-plain-list": {
        "main.py": """
            def f(rows):
                return rows['name']


            f([1])
        """
    },
    "no-such-attribute": {
        "main.py": """
            class User:
                def __init__(self):
                    self.age = 1


            def f(user):
                return user['shoe']


            f(User())
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
