from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "builtin-attribute"

CASES = [
    Case(
        "push",
        {
            "main.py": """
                def f():
                    r = []
                    r.push(1)
                    r.push(2)
                    return r
                print(f())
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "length",
        {
            "main.py": """
                def f(r):
                    return [i for i in range(r.length)]
                print(f([3,4]))
            """,
        },
        "[0, 1]\n",
    ),
    Case(
        "has_key2",
        {
            "main.py": """
                def f(d, k):
                    if d.has_key(k) and d[k]:
                        return 1
                    return 0
                print(f({'a':1},'a'))
            """,
        },
        "1\n",
    ),
    Case(
        "setappend",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.seen = set()
                    def go(self, x):
                        self.seen.append(x)
                        return len(self.seen)
                print(A().go(1))
            """,
        },
        "1\n",
    ),
    Case(
        "dictadd",
        {
            "main.py": """
                def f(xs):
                    seen = {}
                    out = []
                    for x in xs:
                        if x not in seen:
                            seen.add(x)
                            out.append(x)
                    return out
                print(f([1,1,2]))
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "tupleappend",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.rows = ()
                    def go(self, x):
                        self.rows.append(x)
                        return self.rows
                print(A().go(1))
            """,
        },
        "[1]\n",
    ),
    Case(
        "intappend",
        {
            "main.py": """
                from collections import defaultdict
                def g(xs):
                    d = defaultdict(int)
                    for k, v in xs:
                        d[k].append(v)
                    return dict(d)
                print(g([('a',1),('a',2)]))
            """,
        },
        "{'a': [1, 2]}\n",
    ),
    Case(
        "strappend",
        {
            "main.py": """
                def g(xs):
                    out = ''
                    for v in xs:
                        out.append(str(v))
                    return ','.join(out)
                print(g([1,2]))
            """,
        },
        "1,2\n",
    ),
    Case(
        "join",
        {
            "main.py": """
                def g(xs):
                    return xs.join(', ')
                print(g(['a','b']))
            """,
        },
        "a, b\n",
    ),
    Case(
        "dput",
        {
            "main.py": """
                def g(xs):
                    d = {}
                    for k, v in xs:
                        d.put(k, v)
                    return d
                print(g([('a', 1)]))
            """,
        },
        "{'a': 1}\n",
    ),
    Case(
        "keysofdict",
        {
            "main.py": """
                def g(users):
                    return [u.get('n') for u in users]
                print(g({'a': {'n': 1}}))
            """,
        },
        "[1]\n",
    ),
    Case(
        "keysofdict2",
        {
            "main.py": """
                class User:
                    def __init__(self, n): self.n = n
                def g(users):
                    t = 0
                    for u in users:
                        t += u.n
                    return t
                print(g({'a': User(3)}))
            """,
        },
        "3\n",
    ),
    Case(
        "readlines",
        {
            "main.py": r"""
                import io
                def g(f):
                    text = f.readlines()
                    return [w for w in text.split()]
                print(g(io.StringIO('a b\nc')))
            """,
        },
        "['a', 'b', 'c']\n",
    ),
    Case(
        "decode",
        {
            "main.py": """
                def g(s):
                    return s.decode('utf-8').upper()
                print(g('a'))
            """,
        },
        "A\n",
    ),
    Case(
        "intisdigit",
        {
            "main.py": """
                def g(s):
                    return s.zfill(5)
                print(g(42))
            """,
        },
        "00042\n",
    ),
    Case(
        "setdefault",
        {
            "main.py": """
                def g(xs):
                    d = {}
                    for k, v in xs:
                        d.setdefault(k, 0).append(v)
                    return d
                print(g([('a',1)]))
            """,
        },
        "{'a': [1]}\n",
    ),
    Case(
        "field",
        {
            "main.py": """
                from dataclasses import dataclass, field
                @dataclass
                class A:
                    tags: list = field(default_factory=dict)
                    def add(self, t):
                        self.tags.append(t)
                a = A()
                a.add('x')
                print(a.tags)
            """,
        },
        "['x']\n",
    ),
    Case(
        "listadd-set",
        {
            "main.py": """
                def g(xs):
                    seen = []
                    for x in xs:
                        seen.add(x)
                    return sorted(seen.union({9}))
                print(g([1,1]))
            """,
        },
        "[1, 9]\n",
    ),
    Case(
        "shift",
        {
            "main.py": """
                def g(q):
                    while q:
                        x = q.shift()
                        print(x)
                g([1,2])
            """,
        },
        "1\n2\n",
    ),
    Case(
        "iteritems",
        {
            "main.py": """
                def g(q):
                    for k, v in q.iteritems():
                        print(k, v)
                    for k, v in sorted(q.iteritems()):
                        print(k, v)
                g({'a': 1})
            """,
        },
        "a 1\na 1\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "own-class-of-that-name": {
        "main.py": """
            class list_:
                pass


            list_().push(1)
        """
    },
    "nothing-like-it": {
        "main.py": """
            def f(rows):
                return rows.frobnicate(2)


            f([1])
        """
    },
    "none-is-another-rule": {
        "main.py": """
            def f(rows):
                return rows.push(2)


            f(None)
        """
    },
    "two-arguments-pushed": {
        "main.py": """
            def f(rows):
                rows.push(1, 2)


            f([])
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)


PATHS = [
    Case(
        "what-os-path-calls-it",
        {
            "main.py": """
                from pathlib import PurePosixPath

                def parts(path):
                    return path.basename, path.parent

                print(*parts(PurePosixPath("a/b.txt")))
            """
        },
        "b.txt a\n",
    ),
    Case(
        "a-question-of-os-path",
        {
            "main.py": """
                from pathlib import Path

                def there(path):
                    return path.isdir()

                print(there(Path(".")))
            """
        },
        "True\n",
        "path.is_dir()",
    ),
]


@pytest.mark.parametrize("case", PATHS, ids=lambda case: case.name)
def test_paths(case, tmp_path):
    solved(tmp_path, case, RULE)
