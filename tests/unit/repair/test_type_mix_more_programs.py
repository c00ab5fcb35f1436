from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    Case(
        "total-str-accum",
        {
            "main.py": """
                def report(items):
                    text = ""
                    total = 0
                    for name, price in items:
                        text += name + " " + price + "\\n"
                        total += price
                    return text + "total " + total
                print(report([("a", 1), ("b", 2.5)]))
            """,
        },
        "a 1\nb 2.5\ntotal 3.5\n",
    ),
    Case(
        "sys-argv",
        {
            "main.py": """
                import sys
                sys.argv = ["app.py", "3", "0.5"]
                def main(argv):
                    count = argv[1]
                    rate = argv[2]
                    return [i * rate for i in range(count)]
                print(main(sys.argv))
            """,
        },
        "[0.0, 0.5, 1.0]\n",
    ),
    Case(
        "namedtuple-csv",
        {
            "main.py": """
                import csv, io
                from collections import namedtuple
                Row = namedtuple("Row", "name qty price")
                def rows(text):
                    for r in csv.reader(io.StringIO(text)):
                        yield Row(*r)
                def total(text):
                    return sum(r.qty * r.price for r in rows(text))
                print(total("a,2,1.5\\nb,1,2.0\\n"))
            """,
        },
        "5.0\n",
    ),
    Case(
        "sqlite-text",
        {
            "main.py": """
                import sqlite3
                db = sqlite3.connect(":memory:")
                db.execute("create table t(name text, amount text)")
                db.executemany("insert into t values(?,?)", [("a", "10"), ("b", "5")])
                def total():
                    s = 0
                    for name, amount in db.execute("select name, amount from t"):
                        s += amount
                    return s
                print(total())
            """,
        },
        "15\n",
    ),
    Case(
        "percent-env",
        {
            "main.py": """
                import os
                os.environ["DISCOUNT"] = "15"
                DISCOUNT = os.environ.get("DISCOUNT", 0)
                def net(price):
                    return price - price * DISCOUNT / 100
                print(net(200))
            """,
        },
        "170.0\n",
    ),
    Case(
        "iso-aware",
        {
            "main.py": """
                from datetime import datetime
                def late(deadline):
                    return datetime.now() > datetime.fromisoformat(deadline)
                print(late("2020-01-01T00:00:00+00:00"))
            """,
        },
        "True\n",
    ),
    Case(
        "date-mixed-sort",
        {
            "main.py": """
                from datetime import date, datetime
                ITEMS = [("a", date(2024, 1, 2)), ("b", datetime(2024, 1, 1, 12))]
                def newest(items):
                    best = items[0]
                    for it in items[1:]:
                        if it[1] > best[1]:
                            best = it
                    return best[0]
                print(newest(ITEMS))
            """,
        },
        "a\n",
    ),
    Case(
        "set-key",
        {
            "main.py": """
                def group(rows):
                    out = {}
                    for r in rows:
                        tags = set(r["tags"])
                        out.setdefault(tags, []).append(r["id"])
                    return sorted(len(v) for v in out.values())
                print(group([{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": ["b", "a"]}]))
            """,
        },
        "[2]\n",
    ),
    Case(
        "dedupe-dicts",
        {
            "main.py": """
                def unique(rows):
                    return list(set(rows))
                print(unique([{"a": 1}, {"a": 1}, {"b": 2}]))
            """,
        },
        "[{'a': 1}, {'b': 2}]\n",
    ),
    Case(
        "frac-slice",
        {
            "main.py": """
                def split(data, ratio):
                    cut = len(data) * ratio
                    return data[:cut], data[cut:]
                print(split([1, 2, 3, 4], 0.5))
            """,
        },
        "([1, 2], [3, 4])\n",
    ),
    Case(
        "bytes-json",
        {
            "main.py": """
                import io
                class Resp:
                    def __init__(self, b): self._b = io.BytesIO(b)
                    def read(self): return self._b.read()
                def lines(resp):
                    body = resp.read()
                    return body.strip().split("\\n")
                print(lines(Resp(b"a\\nb\\n")))
            """,
        },
        "['a', 'b']\n",
    ),
    Case(
        "email-body",
        {
            "main.py": """
                import base64
                def token(user, pw):
                    return base64.b64encode(f"{user}:{pw}")
                print(token("a", "b"))
            """,
        },
        "b'YTpi'\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.chdir(tmp_path)
    check(tmp_path, case, "type-mix")
