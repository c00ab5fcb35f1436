from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "builtin-call"

CASES = [
    Case(
        "sortedcmp",
        {
            "main.py": """
                def cmp(a, b):
                    return b - a
                print(sorted([1,3,2], cmp))
            """,
        },
        "[3, 2, 1]\n",
    ),
    Case(
        "sortedkey",
        {
            "main.py": """
                def by(a):
                    return -a
                print(sorted([1,3,2], by))
            """,
        },
        "[3, 2, 1]\n",
    ),
    Case(
        "sortcmp",
        {
            "main.py": """
                x = [1,3,2]
                x.sort(cmp=lambda a, b: b - a)
                print(x)
            """,
        },
        "[3, 2, 1]\n",
    ),
    Case(
        "openkw",
        {
            "main.py": """
                with open('/dev/null', 'r', enc='utf-8') as f:
                    print(len(f.read()))
            """,
        },
        "0\n",
    ),
    Case(
        "printkw",
        {
            "main.py": """
                print('a', 'b', seperator='-')
            """,
        },
        "a-b\n",
    ),
    Case(
        "printkw2",
        {
            "main.py": """
                import sys
                print('a', stream=sys.stdout)
            """,
        },
        "a\n",
    ),
    Case(
        "intbase",
        {
            "main.py": """
                def f(x):
                    return int(x, 10) + 1
                print(f(3))
            """,
        },
        "4\n",
    ),
    Case(
        "minkey",
        {
            "main.py": """
                print(min([3,-5], func=abs))
            """,
        },
        "3\n",
    ),
    Case(
        "two-appended",
        {
            "main.py": """
                def f(rows):
                    out = []
                    for row in rows:
                        out.append(row, len(row))
                    return out

                print(f(['ab']))
            """,
        },
        "[('ab', 2)]\n",
    ),
    Case(
        "classes-of-isinstance",
        {
            "main.py": """
                def f(x):
                    return isinstance(x, int, float)

                print(f(2.5))
            """,
        },
        "True\n",
    ),
    Case(
        "list-of-items",
        {
            "main.py": """
                def f(a, b):
                    return list(a, b)

                print(f(1, 2))
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "default-by-keyword",
        {
            "main.py": """
                def f(d):
                    return d.get('x', default=0)

                print(f({}))
            """,
        },
        "0\n",
    ),
    Case(
        "sortkey2",
        {
            "main.py": """
                def cmp_len(a, b):
                    return len(a) - len(b)
                print(sorted(['aaa', 'b'], key=cmp_len))
            """,
        },
        "['b', 'aaa']\n",
    ),
    Case(
        "ascending",
        {
            "main.py": """
                def f(d):
                    return sorted(d, ascending=False)

                print(f([1, 2]))
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
    "a-keyword-like-nothing": {
        "main.py": """
            print('a', colour='red')
        """
    },
    "a-function-of-the-project": {
        "main.py": """
            def show(*, width):
                return width


            show(wide=3)
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
