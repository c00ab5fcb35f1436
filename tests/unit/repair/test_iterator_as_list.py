from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "iterator-as-list"

CASES = [
    Case(
        "genlen",
        {
            "main.py": """
                def rows():
                    yield 1
                    yield 2
                def g():
                    r = rows()
                    print(len(r))
                    return sum(r)
                print(g())
            """,
        },
        "2\n3\n",
    ),
    Case(
        "mapsub",
        {
            "main.py": """
                def g(xs):
                    r = map(int, xs)
                    return r[0]
                print(g(['1']))
            """,
        },
        "1\n",
    ),
    Case(
        "keyssort",
        {
            "main.py": """
                def g(d):
                    ks = d.keys()
                    ks.sort()
                    return ks
                print(g({'b':1,'a':2}))
            """,
        },
        "['a', 'b']\n",
    ),
    Case(
        "keyssub",
        {
            "main.py": """
                def g(d):
                    return d.keys()[0]
                print(g({'b':1,'a':2}))
            """,
        },
        "b\n",
    ),
    Case(
        "genexp",
        {
            "main.py": """
                def total(xs):
                    return sum(xs) / len(xs)
                def go(o):
                    return total(x['p'] for x in o)
                print(go([{'p': 4}]))
            """,
        },
        "4.0\n",
    ),
    Case(
        "genexp2",
        {
            "main.py": """
                def total(xs):
                    n = len(xs)
                    return sum(xs) / n
                def go(o):
                    ps = (x['p'] for x in o)
                    return total(ps)
                print(go([{'p': 4}]))
            """,
        },
        "4.0\n",
    ),
    Case(
        "rangeappend",
        {
            "main.py": """
                def g():
                    ids = range(3)
                    ids.append(9)
                    return ids
                print(g())
            """,
        },
        "[0, 1, 2, 9]\n",
    ),
    Case(
        "selfzip",
        {
            "main.py": """
                class A:
                    def __init__(self, a, b):
                        self.pairs = zip(a, b)
                    def n(self):
                        return len(self.pairs)
                print(A([1],[2]).n())
            """,
        },
        "1\n",
    ),
    Case(
        "revkeys",
        {
            "main.py": """
                def g(xs):
                    ps = filter(None, xs)
                    return list(reversed(ps))
                print(g([1,0,2]))
            """,
        },
        "[2, 1]\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "no-place-to-be-seen": {
        "main.py": """
            def f(rows):
                return rows[0]


            work = [f, map(int, ['1'])]
            work[0](work[1])
        """
    },
    "a-number-has-no-length": {
        "main.py": """
            def f(rows):
                return len(rows)


            f(3)
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
