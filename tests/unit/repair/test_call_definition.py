from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "call-definition"

CASES = [
    Case(
        "bodyuses",
        {
            "main.py": """
                def greet(nam, greeting='hi'):
                    return f'{greeting} {name}'
                print(greet(name='ann'))
            """,
        },
        "hi ann\n",
    ),
    Case(
        "noargsctor",
        {
            "main.py": """
                class A:
                    def _init_(self, n):
                        self.n = n
                print(A(3).n)
            """,
        },
        "3\n",
    ),
    Case(
        "noargsctor2",
        {
            "main.py": """
                class A:
                    def __int__(self, n):
                        self.n = n
                print(A(3).n)
            """,
        },
        "3\n",
    ),
    Case(
        "nodataclass",
        {
            "main.py": """
                class A:
                    name: str
                    n: int = 0
                print(A('x', 3).n)
            """,
        },
        "3\n",
    ),
    Case(
        "nodataclass2",
        {
            "main.py": """
                from dataclasses import dataclass, field
                @dataclass
                class B:
                    y: int
                class A:
                    name: str
                    n: int = 0
                print(A(name='x').n, B(2))
            """,
        },
        "0 B(y=2)\n",
    ),
    Case(
        "callback",
        {
            "main.py": """
                def apply_all(items, fn):
                    return [fn(i, x) for i, x in enumerate(items)]
                def double(x):
                    return x * 2
                print(apply_all([1,2], double))
            """,
        },
        "[2, 4]\n",
    ),
    Case(
        "callback2",
        {
            "events.py": """
                class Bus:
                    def __init__(self):
                        self.h = []
                    def on(self, fn):
                        self.h.append(fn)
                    def emit(self, name, payload):
                        for fn in self.h:
                            fn(name, payload)
            """,
            "main.py": """
                from events import Bus
                out = []
                def first(name, payload):
                    out.append((name, payload))
                def second(payload):
                    out.append(payload)
                b = Bus()
                b.on(first)
                b.on(second)
                b.emit('x', 1)
                print(out)
            """,
        },
        "[('x', 1), 1]\n",
    ),
    Case(
        "lambdaarity",
        {
            "main.py": """
                def run(jobs):
                    return [job(3) for job in jobs]
                print(run([lambda: 1, lambda x: x]))
            """,
        },
        "[1, 3]\n",
    ),
    Case(
        "kept-nowhere",
        {
            "client.py": """
                class Client:
                    def __init__(self, host, *, secure=True):
                        self.host = host
                        self.secure = secure

                    def describe(self):
                        return f'{self.host} within {self.timeout}s'
            """,
            "main.py": """
                from client import Client


                def make(config):
                    return Client(config['host'], timeout=config['timeout'])


                print(make({'host': 'h', 'timeout': 3}).describe())
            """,
        },
        "h within 3s\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "nothing-speaks-for-the-definition": {
        "main.py": """
            def f(a):
                return a


            print(f(1, 2))
        """
    },
    "two-lambdas": {
        "main.py": """
            def go(jobs):
                return [job(1) for job in jobs]


            go([lambda: 1, lambda: 2])
        """
    },
    "a-mutable-default": {
        "main.py": """
            class Box:
                rows: list = []


            Box([1])
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)


def test_the_tests_say_how_the_parameter_is_called(tmp_path):
    case = Case(
        "tests-agree",
        {
            "pricing.py": "def total(*, quantity):\n    return quantity * 2\n",
            "tests/test_pricing.py": "from pricing import total\n\n\ndef test_it():\n    assert total(qty=1) == 2\n",
            "main.py": "from pricing import total\n\nprint(total(qty=2))\n",
        },
        "4\n",
        "def total(*, qty):\n    return qty * 2",
    )
    best = solved(tmp_path, case, RULE)
    assert list(best.files) == ["pricing.py"]
