from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    Case(
        "custom-from-lookup",
        {
            "main.py": """
                from store import Store, NotFound
                def main():
                    s = Store({"a": 1})
                    for key in ("a", "b"):
                        try:
                            print(s.get(key))
                        except KeyError:
                            print("missing", key)
                main()
            """,
            "store.py": """
                class NotFound(Exception):
                    pass
                class Store:
                    def __init__(self, data): self.data = data
                    def get(self, key):
                        if key not in self.data:
                            raise NotFound(key)
                        return self.data[key]
            """,
        },
        "1\nmissing b\n",
    ),
    Case(
        "float",
        {
            "main.py": """
                def total(cells):
                    result = 0.0
                    for c in cells:
                        try:
                            result += float(c)
                        except TypeError:
                            continue
                    return result
                print(total(["1.5", "n/a", None, "2"]))
            """,
        },
        "3.5\n",
    ),
    Case(
        "int-none",
        {
            "main.py": """
                def to_int(v):
                    try:
                        return int(v)
                    except ValueError:
                        return None
                print([to_int(x) for x in ["3", "x", None]])
            """,
        },
        "[3, None, None]\n",
    ),
    Case(
        "open",
        {
            "main.py": """
                import json
                def load(path):
                    try:
                        with open(path) as f:
                            return json.load(f)
                    except json.JSONDecodeError:
                        return {}
                print(load("nope.json"))
            """,
        },
        "{}\n",
    ),
    Case(
        "json-in-file",
        {
            "main.py": """
                import json
                open("s.json","w").write("{broken")
                def load(path):
                    try:
                        with open(path) as f:
                            return json.load(f)
                    except FileNotFoundError:
                        return {}
                print(load("s.json"), load("none.json"))
            """,
        },
        "{} {}\n",
    ),
    Case(
        "queue",
        {
            "main.py": """
                import queue
                def drain(q):
                    out = []
                    while True:
                        try:
                            out.append(q.get_nowait())
                        except IndexError:
                            return out
                q = queue.Queue(); q.put(1); q.put(2)
                print(drain(q))
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "date",
        {
            "main.py": """
                from datetime import datetime
                def parse(s):
                    for fmt in ("%Y-%m-%d", "%d.%m.%Y"):
                        try:
                            return datetime.strptime(s, fmt).date().isoformat()
                        except TypeError:
                            pass
                    return None
                print(parse("03.02.2024"), parse("x"))
            """,
        },
        "2024-02-03 None\n",
    ),
    Case(
        "list-index",
        {
            "main.py": """
                def position(xs, x):
                    try:
                        return xs.index(x)
                    except IndexError:
                        return -1
                print(position([1], 1), position([1], 2))
            """,
        },
        "0 -1\n",
    ),
    Case(
        "list-syntax",
        {
            "main.py": """
                def get(d, k):
                    try:
                        return d[k] / 2
                    except [KeyError, TypeError]:
                        return None
                print(get({"a": 4}, "a"), get({"a": 4}, "b"))
            """,
        },
        "2.0 None\n",
    ),
    Case(
        "zero",
        {
            "main.py": """
                def ratio(a, b):
                    try:
                        return a / b
                    except ValueError:
                        return 0.0
                print(ratio(1, 0), ratio(1, 2))
            """,
        },
        "0.0 0.5\n",
    ),
    Case(
        "retry-own",
        {
            "main.py": """
                class TransientError(Exception): pass
                class RateLimited(TransientError): pass
                class Unavailable(TransientError): pass
                class Client:
                    def __init__(self): self.n = 0
                    def call(self):
                        self.n += 1
                        if self.n == 1: raise Unavailable("x")
                        return "ok"
                def with_retry(c):
                    for _ in range(3):
                        try:
                            return c.call()
                        except RateLimited:
                            continue
                    return "gave up"
                print(with_retry(Client()))
            """,
        },
        "ok\n",
    ),
    Case(
        "sqlite",
        {
            "main.py": """
                import sqlite3
                db = sqlite3.connect(":memory:")
                db.execute("create table u(name text unique)")
                def add(name):
                    try:
                        db.execute("insert into u values (?)", (name,))
                        return True
                    except ValueError:
                        return False
                print(add("a"), add("a"))
            """,
        },
        "True False\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.chdir(tmp_path)
    check(tmp_path, case, "wrong-except")
