from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check, refuse

RULE = "type-mix"

CASES = [
    Case(
        "number-in-a-text",
        {
            "report.py": """
                def line(name, count, share):
                    return name + ": " + count + " of " + share  # both
            """,
            "main.py": """
                from report import line

                print(line("tea", 3, 0.5))
            """,
        },
        "tea: 3 of 0.5\n",
        'name + ": " + str(count) + " of " + str(share)',
    ),
    Case(
        "column-of-a-table",
        {
            "main.py": """
                import csv
                import io

                def revenue(text):
                    total = 0
                    for row in csv.DictReader(io.StringIO(text)):
                        total += row["price"] * row["quantity"]
                    return total

                print(revenue("price,quantity\\n2.5,2\\n1.0,3\\n"))
            """
        },
        "8.0\n",
        'float(row["price"]) * int(row["quantity"])',
    ),
    Case(
        "part-of-a-line",
        {
            "main.py": """
                def read(lines):
                    stock = {}
                    for line in lines:
                        name, count = line.split(",")
                        stock[name] = stock.get(name, 0) + count
                    return stock

                print(read(["tea,2", "rye,1", "tea,4"]))
            """
        },
        "{'tea': 6, 'rye': 1}\n",
        "count = int(count)",
    ),
    Case(
        "variable-of-the-environment",
        {
            "main.py": """
                import os

                os.environ["SHOP_RETRIES"] = "3"

                def plan():
                    retries = os.environ.get("SHOP_RETRIES", 2)
                    return retries + 1

                print(plan())
            """
        },
        "4\n",
        'int(os.environ.get("SHOP_RETRIES", 2))',
    ),
    Case(
        "option-of-a-parser",
        {
            "main.py": """
                import argparse

                def parse(values):
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--count", default="2")
                    return parser.parse_args(values)

                args = parse(["--count", "4"])
                print([0] * (args.count + 1))
            """
        },
        "[0, 0, 0, 0, 0]\n",
        'parser.add_argument("--count", default=2, type=int)',
    ),
    Case(
        "field-of-a-class",
        {
            "models.py": """
                from dataclasses import dataclass

                @dataclass
                class Item:
                    name: str
                    price: float

                def load(rows):
                    return [Item(row["name"], row["price"]) for row in rows]
            """,
            "main.py": """
                from models import load

                def total(items):
                    result = 0.0
                    for item in items:
                        result += item.price
                    return result

                print(total(load([{"name": "tea", "price": "2.5"}, {"name": "rye", "price": "1"}])))
            """,
        },
        "3.5\n",
        'Item(row["name"], float(row["price"]))',
    ),
    Case(
        "constant-in-quotes",
        {
            "settings.py": 'TAX = "0.2"\n',
            "main.py": """
                import settings

                def gross(net):
                    return net * (1 + settings.TAX)

                print(gross(10))
            """,
        },
        "12.0\n",
        "TAX = 0.2",
    ),
    Case(
        "sum-of-texts",
        {
            "main.py": """
                def total(text):
                    parts = text.split()
                    return sum(parts)

                print(total("1 2 3"))
            """
        },
        "6\n",
        "parts = [int(item) for item in text.split()]",
    ),
    Case(
        "compared-with-a-number",
        {
            "main.py": """
                def adults(rows):
                    return [row["name"] for row in rows if row["age"] >= 18]

                print(adults([{"name": "Ada", "age": "36"}, {"name": "Bob", "age": "9"}]))
            """
        },
        "['Ada']\n",
        'int(row["age"]) >= 18',
    ),
    Case(
        "division-for-an-index",
        {
            "main.py": """
                def middle(values):
                    half = len(values) / 2
                    return sorted(values)[half]

                print(middle([3, 1, 2]))
            """
        },
        "2\n",
        "half = len(values) // 2",
    ),
    Case(
        "division-for-a-range",
        {"main.py": "def pairs(n):\n    return [k * 2 for k in range(n / 2)]\n\n\nprint(pairs(6))\n"},
        "[0, 2, 4]\n",
        "range(n // 2)",
    ),
    Case(
        "decimal-and-literal",
        {
            "main.py": """
                from decimal import Decimal

                RATE = 0.19

                def tax(net):
                    return net * RATE

                print(tax(Decimal("100.00")))
            """
        },
        "19.0000\n",
        'RATE = Decimal("0.19")',
    ),
    Case(
        "time-without-zone",
        {
            "clock.py": """
                from datetime import datetime

                def now():
                    return datetime.now()
            """,
            "main.py": """
                from datetime import datetime, timezone

                from clock import now

                START = datetime(2020, 1, 1, tzinfo=timezone.utc)

                def age():
                    return now() - START

                print(age().days > 1000)
            """,
        },
        "True\n",
        "datetime.now(timezone.utc)",
    ),
    Case(
        "day-and-moment",
        {
            "main.py": """
                from datetime import date, datetime

                def is_due(day):
                    return day <= datetime.now()

                print(is_due(date(2020, 1, 1)))
            """
        },
        "True\n",
        "day <= datetime.now().date()",
    ),
    Case(
        "number-of-days",
        {
            "main.py": """
                from datetime import date

                LOAN_DAYS = 14

                def due(start):
                    return start + LOAN_DAYS

                print(due(date(2024, 1, 1)))
            """
        },
        "2024-01-15\n",
        "start + timedelta(days=LOAN_DAYS)",
    ),
    Case(
        "text-of-a-date",
        {
            "main.py": """
                from datetime import date

                def left(row, today):
                    return (row["due"] - today).days

                print(left({"due": "2024-03-05"}, date(2024, 3, 1)))
            """
        },
        "4\n",
        'date.fromisoformat(row["due"]) - today',
    ),
    Case(
        "hash-of-text",
        {"main.py": "import hashlib\n\n\ndef digest(text):\n    return hashlib.md5(text).hexdigest()[:6]\n\n\nprint(digest('a'))\n"},
        "0cc175\n",
        "md5(text.encode())",
    ),
    Case(
        "bytes-read-as-text",
        {
            "main.py": """
                import base64

                def user(token):
                    plain = base64.b64decode(token)
                    return plain.split(":")[0]

                print(user("YWRhOnB3"))
            """
        },
        "ada\n",
        "base64.b64decode(token).decode()",
    ),
    Case(
        "bytes-added-to-text",
        {
            "main.py": """
                import base64

                def header(name):
                    return "Basic " + base64.b64encode(name.encode())

                print(header("ada"))
            """
        },
        "Basic YWRh\n",
        "base64.b64encode(name.encode()).decode()",
    ),
    Case(
        "file-for-text",
        {
            "main.py": """
                def save(path, rows):
                    with open(path, "wb") as out:
                        for row in rows:
                            out.write(",".join(row) + "\\n")

                save("/tmp/nexoide-type-mix.csv", [["a", "b"]])
                print(open("/tmp/nexoide-type-mix.csv").read(), end="")
            """
        },
        "a,b\n",
        'open(path, "w")',
    ),
    Case(
        "tuple-added-to-a-list",
        {"main.py": "def row(values, extra):\n    return values + extra\n\n\nprint(row([1], (2, 3)))\n"},
        "[1, 2, 3]\n",
        "values + list(extra)",
    ),
    Case(
        "list-as-a-key",
        {
            "main.py": """
                def count(rows):
                    seen = {}
                    for row in rows:
                        key = [row["a"], row["b"]]
                        seen[key] = seen.get(key, 0) + 1
                    return sorted(seen.values())

                print(count([{"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 3, "b": 4}]))
            """
        },
        "[1, 2]\n",
        'key = (row["a"], row["b"])',
    ),
    Case("numbers-joined", {"main.py": "def show(values):\n    return ', '.join(values)\n\n\nprint(show([1, 2]))\n"}, "1, 2\n", "join(map(str, values))"),
    Case(
        "loop-over-a-length",
        {"main.py": "def show(items):\n    for place in len(items):\n        print(place, items[place])\n\n\nshow(['a', 'b'])\n"},
        "0 a\n1 b\n",
        "range(len(items))",
    ),
    Case(
        "keys-instead-of-values",
        {
            "main.py": """
                users = {"a": {"name": "Ada"}, "b": {"name": "Bob"}}

                def names(mapping):
                    return [user["name"] for user in mapping]

                print(names(users))
            """
        },
        "['Ada', 'Bob']\n",
        "for user in mapping.values()",
    ),
    Case(
        "remainder-of-text",
        {"main.py": "def is_even(text):\n    number = text.strip()\n    return number % 2 == 0\n\n\nprint(is_even(' 4 '))\n"},
        "True\n",
        "int(",
    ),
    Case("sets-added", {"main.py": "def both(a, b):\n    return sorted(set(a) + set(b))\n\n\nprint(both([1], [2]))\n"}, "[1, 2]\n", "set(a) | set(b)"),
    Case("tuple-changed", {"main.py": "scores = (1, 2)\nscores[0] = 5\nprint(list(scores))\n"}, "[5, 2]\n", "scores = [1, 2]"),
    Case("rows-of-lists", {"main.py": "grid = [[1, 2], [3, 4]]\n\n\ndef at(x, y):\n    return grid[y, x]\n\n\nprint(at(1, 0))\n"}, "2\n", "grid[y][x]"),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


def test_a_text_that_is_no_number_is_not_made_one(tmp_path: Path) -> None:
    files = {"main.py": 'def total(values):\n    result = 0\n    for value in values:\n        result += value\n    return result\n\n\ntotal(["many"])\n'}
    refuse(tmp_path, files, "not clear")


def test_an_error_raised_on_purpose_stays(tmp_path: Path) -> None:
    message = "unsupported operand type(s) for +: 'int' and 'str'"
    files = {"main.py": f'def check(value):\n    if not isinstance(value, str):\n        raise TypeError("{message}")\n\n\ncheck(1)\n'}
    refuse(tmp_path, files, "on purpose")
