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
        "override",
        {
            "main.py": """
                class Shape:
                    def draw(self, canvas, scale=1):
                        return 'shape'
                class Circle(Shape):
                    def draw(self, canvas):
                        return f'circle on {canvas}'
                def render(shapes, canvas):
                    return [s.draw(canvas, scale=2) for s in shapes]
                print(render([Shape(), Circle()], 'c'))
            """,
        },
        "['shape', 'circle on c']\n",
    ),
    Case(
        "decorated",
        {
            "main.py": """
                import functools
                def log(fn):
                    @functools.wraps(fn)
                    def inner():
                        return fn()
                    return inner
                @log
                def add(a, b):
                    return a + b
                print(add(1, 2))
            """,
        },
        "3\n",
    ),
    Case(
        "decorated2",
        {
            "main.py": """
                import functools
                def log(fn):
                    @functools.wraps(fn)
                    def inner(*args):
                        return fn(*args)
                    return inner
                @log
                def add(a, b=0):
                    return a + b
                print(add(1, b=2))
            """,
        },
        "3\n",
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


def test_a_parameter_that_other_calls_leave_out_has_a_default(tmp_path):
    case = Case(
        "none-for-the-others",
        {
            "cache.py": """
                class Cache:
                    def __init__(self):
                        self.data = {"a": 1}

                    def get(self, key):
                        return self.data[key] if key in self.data else default
            """,
            "main.py": """
                from cache import Cache

                cache = Cache()
                print(cache.get("a"), cache.get("b", -1))
            """,
        },
        "1 -1\n",
        "def get(self, key, default=None):",
    )
    solved(tmp_path, case, RULE)


LEFT_OUT = {
    "posts.py": """
        def line(text, depth, bullet):
            return "  " * depth + bullet + text

        def flat(texts, bullet="-"):
            return [line(text, 0, bullet) for text in texts]

        def tree(text, depth):
            return line(text, depth)
    """,
    "main.py": """
        from posts import flat, tree

        print(flat(["a"]), tree("b", 1))
    """,
}


@pytest.mark.parametrize("old", [False, True], ids=["columns", "old"])
def test_a_default_that_a_like_function_gives(old, tmp_path):
    best = solved(tmp_path, Case("elsewhere", LEFT_OUT, "['-a']   -b\n", 'def line(text, depth, bullet="-"):'), RULE, old=old)
    assert best.prior < 0.7


def test_two_defaults_are_none(tmp_path):
    silent(tmp_path, {**LEFT_OUT, "more.py": "def other(bullet='*'):\n    return bullet\n"}, RULE)
