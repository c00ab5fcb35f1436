from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    Case(
        "print-concat",
        {
            "main.py": """
                class Invoice:
                    def __init__(self, number, total):
                        self.number = number
                        self.total = total
                    def __str__(self):
                        return "Invoice #" + self.number + ": " + self.total + " EUR"
                print(Invoice(7, 12.5))
            """,
        },
        "Invoice #7: 12.5 EUR\n",
    ),
    Case(
        "list-concat",
        {
            "main.py": """
                def pick(names):
                    return "chosen: " + names
                print(pick(["a", "b"]))
            """,
        },
        "chosen: ['a', 'b']\n",
    ),
    Case(
        "env-mult",
        {
            "main.py": """
                import os
                os.environ["WORKERS"] = "4"
                class Config:
                    def __init__(self):
                        self.workers = os.environ.get("WORKERS", 2)
                        self.name = os.environ.get("APP", "x")
                    def slots(self):
                        return self.workers * 2 + 1
                print(Config().slots())
            """,
        },
        "9\n",
    ),
    Case(
        "input-like",
        {
            "main.py": """
                import sys, io
                sys.stdin = io.StringIO("5\\n7\\n")
                def ask(prompt):
                    return input()
                def main():
                    a = ask("a")
                    b = ask("b")
                    print("area", a * b)
                main()
            """,
        },
        "area 35\n",
    ),
    Case(
        "json-price",
        {
            "main.py": """
                import json
                DATA = '[{"sku": "a", "price": "2.50", "qty": 2}, {"sku": "b", "price": "1.25", "qty": 4}]'
                def total(items):
                    return sum(i["price"] * i["qty"] * 1.0 for i in items)
                print(total(json.loads(DATA)))
            """,
        },
        "10.0\n",
    ),
    Case(
        "regex-groups",
        {
            "main.py": """
                import re
                LINE = re.compile(r"(\\w+) took (\\d+)ms")
                def slowest(lines):
                    best = ("", 0)
                    for line in lines:
                        m = LINE.match(line)
                        if m:
                            name, took = m.groups()
                            if took > best[1]:
                                best = (name, took)
                    return best
                print(slowest(["a took 12ms", "b took 9ms", "c took 101ms"]))
            """,
        },
        "('c', 101)\n",
    ),
    Case(
        "config-parser",
        {
            "main.py": """
                import configparser
                cp = configparser.ConfigParser()
                cp.read_string("[server]\\nport = 8080\\nworkers = 3\\n")
                def ports(cp):
                    base = cp["server"]["port"]
                    count = cp.getint("server", "workers")
                    return [base + i for i in range(count)]
                print(ports(cp))
            """,
        },
        "[8080, 8081, 8082]\n",
    ),
    Case(
        "datetime-str",
        {
            "main.py": """
                from datetime import datetime, timedelta
                EVENTS = [{"at": "2024-05-01T10:00:00", "what": "a"}, {"at": "2024-05-03T10:00:00", "what": "b"}]
                def upcoming(events, now):
                    return [e["what"] for e in events if e["at"] - now < timedelta(days=1)]
                print(upcoming(EVENTS, datetime(2024, 5, 1)))
            """,
        },
        "['a']\n",
    ),
    Case(
        "time-diff",
        {
            "main.py": """
                import time
                from datetime import datetime
                class Timer:
                    def __init__(self):
                        self.started = datetime.now()
                    def elapsed(self):
                        return time.time() - self.started
                print(Timer().elapsed() < 5)
            """,
        },
        "True\n",
    ),
    Case(
        "timedelta-cmp",
        {
            "main.py": """
                from datetime import datetime
                MAX_AGE_DAYS = 30
                def is_stale(seen, now):
                    return now - seen > MAX_AGE_DAYS
                print(is_stale(datetime(2024,1,1), datetime(2024,3,1)), is_stale(datetime(2024,1,1), datetime(2024,1,3)))
            """,
        },
        "True False\n",
    ),
    Case(
        "decimal-json",
        {
            "main.py": """
                from decimal import Decimal
                def gross(net, rate):
                    return net + net * rate
                print(gross(Decimal("10.00"), 0.2))
            """,
        },
        "12.000\n",
    ),
    Case(
        "decimal-sum",
        {
            "main.py": """
                from decimal import Decimal
                class Line:
                    def __init__(self, price, qty):
                        self.price = Decimal(price); self.qty = qty
                def total(lines, shipping=4.99):
                    s = Decimal("0")
                    for l in lines:
                        s += l.price * l.qty
                    return s + shipping
                print(total([Line("1.10", 2)]))
            """,
        },
        "7.19\n",
    ),
    Case(
        "socket",
        {
            "main.py": """
                import socket
                a, b = socket.socketpair()
                def send(sock, text):
                    sock.sendall(text + "\\n")
                def recv(sock):
                    return sock.recv(100).decode().strip()
                send(a, "hello"); print(recv(b))
            """,
        },
        "hello\n",
    ),
    Case(
        "rb-csv",
        {
            "main.py": """
                import csv
                open("x.csv","w").write("a,b\\n1,2\\n")
                def load(p):
                    with open(p, "rb") as f:
                        return [r["b"] for r in csv.DictReader(f)]
                print(load("x.csv"))
            """,
        },
        "['2']\n",
    ),
    Case(
        "pickle",
        {
            "main.py": """
                import pickle
                def save(p, o):
                    with open(p, "w") as f:
                        pickle.dump(o, f)
                def load(p):
                    with open(p, "rb") as f:
                        return pickle.load(f)
                save("x.pkl", [1]); print(load("x.pkl"))
            """,
        },
        "[1]\n",
    ),
    Case(
        "pattern-bytes",
        {
            "main.py": """
                import re
                open("log.txt","w").write("ERR 5\\nOK\\n")
                def errors():
                    with open("log.txt", "rb") as f:
                        data = f.read()
                    return re.findall(r"ERR (\\d)", data)
                print(errors())
            """,
        },
        "['5']\n",
    ),
    Case(
        "unhashable-set",
        {
            "main.py": """
                ROWS = [["a", 1], ["b", 2], ["a", 1]]
                def unique(rows):
                    seen = set()
                    out = []
                    for row in rows:
                        if row not in seen:
                            seen.add(row)
                            out.append(row)
                    return out
                print(unique(ROWS))
            """,
        },
        "[['a', 1], ['b', 2]]\n",
    ),
    Case(
        "unhashable-cache",
        {
            "main.py": """
                from functools import lru_cache
                @lru_cache(maxsize=None)
                def score(values):
                    return sum(values)
                def main():
                    values = [1, 2, 3]
                    print(score(values))
                main()
            """,
        },
        "6\n",
    ),
    Case(
        "grid-tuple",
        {
            "main.py": """
                def board(n):
                    return [("." ,) * n for _ in range(n)]
                def place(b, r, c):
                    b[r][c] = "Q"
                    return b
                print("".join(place(board(2), 0, 1)[0]))
            """,
        },
        ".Q\n",
    ),
    Case(
        "str-assign",
        {
            "main.py": """
                def mask(word, guess):
                    shown = "_" * len(word)
                    for i, ch in enumerate(word):
                        if ch == guess:
                            shown[i] = ch
                    return shown
                print(mask("tee", "e"))
            """,
        },
        "_ee\n",
    ),
    Case(
        "join-enum",
        {
            "main.py": """
                class Rec:
                    def __init__(self, vals): self.vals = vals
                    def line(self):
                        return ";".join([self.vals[0], self.vals[1], str(self.vals[2])])
                print(Rec(["a", 3, 4]).line())
            """,
        },
        "a;3;4\n",
    ),
    Case(
        "range-float",
        {
            "main.py": """
                def pages(total, size):
                    count = total / size
                    return [p + 1 for p in range(count)]
                print(pages(10, 5))
            """,
        },
        "[1, 2]\n",
    ),
    Case(
        "slice",
        {
            "main.py": """
                def halves(xs):
                    mid = len(xs) / 2
                    return xs[:mid], xs[mid:]
                print(halves([1,2,3,4]))
            """,
        },
        "([1, 2], [3, 4])\n",
    ),
    Case(
        "iter-dict",
        {
            "main.py": """
                STOCK = {"a": {"n": 1, "price": 2}, "b": {"n": 3, "price": 1}}
                def report(stock):
                    for item in stock:
                        print(item, item["n"] * item["price"])
                report(STOCK)
            """,
        },
        "a 2\nb 3\n",
    ),
    Case(
        "sorted-mixed",
        {
            "main.py": """
                ROWS = [{"rank": "3"}, {"rank": 1}, {"rank": "2"}]
                print([r["rank"] for r in sorted(ROWS, key=lambda r: r["rank"])])
            """,
        },
        "[1, '2', '3']\n",
    ),
    Case(
        "path-concat",
        {
            "main.py": """
                from pathlib import Path
                BASE = Path("data")
                def target(name):
                    return BASE + "/" + name + ".txt"
                print(target("a"))
            """,
        },
        "data/a.txt\n",
    ),
    Case(
        "str-div",
        {
            "main.py": """
                import os
                BASE = os.path.join("data", "x")
                def target(name):
                    return BASE / name
                print(target("a"))
            """,
        },
        "data/x/a\n",
    ),
    Case(
        "default-arg",
        {
            "main.py": """
                def repeat(text, times="2"):
                    return text * times
                print(repeat("ab"))
            """,
        },
        "abab\n",
    ),
    Case(
        "argparse",
        {
            "main.py": """
                import argparse
                def build():
                    p = argparse.ArgumentParser()
                    p.add_argument("--size", default=10)
                    p.add_argument("-n", "--num", default=3, help="how many")
                    return p
                def main(argv):
                    args = build().parse_args(argv)
                    return args.num - 1
                print(main(["--num", "5"]))
            """,
        },
        "4\n",
    ),
    Case(
        "len-int",
        {
            "main.py": """
                def digits(n):
                    return [c for c in n]
                def total(n):
                    t = 0
                    for d in str(n):
                        t += d
                    return t
                print(total(123))
            """,
        },
        "6\n",
    ),
    Case(
        "dict-add",
        {
            "main.py": """
                BASE = {"a": 1}
                def merged(extra):
                    return BASE + extra
                print(merged({"b": 2}))
            """,
        },
        "{'a': 1, 'b': 2}\n",
    ),
    Case(
        "str-minus",
        {
            "main.py": """
                def age(born, year):
                    return year - born
                print(age("1990", 2024))
            """,
        },
        "34\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.chdir(tmp_path)
    check(tmp_path, case, "type-mix")
