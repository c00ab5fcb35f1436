from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import Asking, diagnose
from nexoide.repair.surroundings import Surroundings
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "key-missing"

CASES = [
    Case(
        "mistyped-in-one-reader",
        {
            "orders.py": """
                def load():
                    return [{"customer": "Ada", "quantity": 2, "price": 3.5}, {"customer": "Bob", "quantity": 1, "price": 4.0}]
            """,
            "main.py": """
                from orders import load

                def total(rows):
                    return sum(row["quantiy"] * row["price"] for row in rows)  # all rows

                print(total(load()))
            """,
        },
        "11.0\n",
        'row["quantity"] * row["price"]',
    ),
    Case(
        "writer-stands-alone",
        {
            "store.py": """
                def make(name, mail):
                    return {"name": name, "emial": mail}
            """,
            "main.py": """
                from store import make

                def greet(user):
                    return f"{user['name']} <{user['email']}>"

                def domain(user):
                    return user["email"].split("@")[1]

                ada = make("Ada", "ada@example.org")
                print(greet(ada), domain(ada))
            """,
        },
        "Ada <ada@example.org> example.org\n",
        '"email": mail',
    ),
    Case(
        "upper-case-keys",
        {
            "rates.py": 'RATES = {"EUR": 1.0, "USD": 1.25}\n',
            "main.py": """
                from rates import RATES

                def convert(amount, currency):
                    if currency not in RATES:
                        print("unknown", end=" ")
                    return amount * RATES[currency]

                for currency in ["eur", "usd"]:
                    print(convert(4, currency))
            """,
        },
        "4.0\n5.0\n",
        "RATES[currency.upper()]",
    ),
    Case(
        "keys-of-json-are-text",
        {
            "main.py": """
                import json

                names = json.loads('{"1": "tea", "2": "rye"}')

                def label(numbers):
                    return [names[number] for number in numbers]

                print(label([2, 1]))
            """
        },
        "['rye', 'tea']\n",
        "names[str(number)]",
    ),
    Case(
        "count-from-nothing",
        {
            "main.py": """
                class Report:
                    def __init__(self):
                        self.totals = {}

                    def add(self, name, amount):
                        self.totals[name] += amount

                report = Report()
                for name, amount in [("a", 1), ("b", 2), ("a", 3)]:
                    report.add(name, amount)
                print(report.totals)
            """
        },
        "{'a': 4, 'b': 2}\n",
        "self.totals[name] = self.totals.get(name, 0) + amount",
    ),
    Case(
        "group-from-nothing",
        {
            "main.py": """
                def by_length(words):
                    groups = {}
                    for word in words:
                        groups[len(word)].append(word)
                    return groups

                print(by_length(["a", "bc", "d"]))
            """
        },
        "{1: ['a', 'd'], 2: ['bc']}\n",
        "groups.setdefault(len(word), []).append(word)",
    ),
    Case(
        "difference-stays-in-parentheses",
        {
            "main.py": """
                left = {}
                for name, start, end in [("a", 5, 2), ("a", 9, 8)]:
                    left[name] -= end - start
                print(left)
            """
        },
        "{'a': 4}\n",
        "left[name] = left.get(name, 0) - (end - start)",
    ),
    Case(
        "default-of-other-reads",
        {
            "config.py": """
                def retries(raw):
                    return raw.get("retries", 3)
            """,
            "main.py": """
                from config import retries

                def plan(raw):
                    return [raw["url"]] * raw["retries"]

                print(retries({}), plan({"url": "x"}))
            """,
        },
        "3 ['x', 'x', 'x']\n",
        'raw.get("retries", 3)',
    ),
    Case(
        "default-of-the-field-that-takes-it",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass
                class User:
                    name: str
                    role: str = "guest"

                def read(row):
                    return User(name=row["name"], role=row["role"])

                print(read({"name": "Ada", "role": "admin"}), read({"name": "Bob"}))
            """
        },
        "User(name='Ada', role='admin') User(name='Bob', role='guest')\n",
        'row.get("role", "guest")',
    ),
    Case(
        "one-level-deeper",
        {
            "main.py": """
                reply = {"status": 200, "user": {"name": "Ada", "mail": "a@b"}}

                def show(data):
                    return data["name"], data["mail"]

                print(show(reply))
            """
        },
        "('Ada', 'a@b')\n",
        'data["user"]["name"], data["user"]["mail"]',
    ),
    Case(
        "one-level-too-deep",
        {
            "main.py": """
                def items(reply):
                    return [item["id"] for item in reply["data"]["items"]]

                print(items({"items": [{"id": 1}, {"id": 2}], "page": 1}))
            """
        },
        "[1, 2]\n",
        'reply["items"]',
    ),
    Case(
        "separator-of-the-writer",
        {
            "cache.py": """
                class Cache:
                    def __init__(self):
                        self.entries = {}

                    def put(self, region, name, value):
                        self.entries[f"{region}:{name}"] = value

                    def take(self, region, name):
                        return self.entries[f"{region}-{name}"]
            """,
            "main.py": """
                from cache import Cache

                cache = Cache()
                cache.put("eu", "tea", 3)
                print(cache.take("eu", "tea"))
            """,
        },
        "3\n",
        'return self.entries[f"{region}:{name}"]',
    ),
    Case(
        "stored-in-lower-case",
        {
            "main.py": """
                class Registry:
                    def __init__(self):
                        self._makers = {}

                    def register(self, name, maker):
                        self._makers[name.lower()] = maker

                    def make(self, name):
                        return self._makers[name]()

                registry = Registry()
                registry.register("CSV", lambda: "csv maker")
                print(registry.make("CSV"))
            """
        },
        "csv maker\n",
        "self._makers[name.lower()]()",
    ),
    Case(
        "tuple-in-another-order",
        {
            "main.py": """
                distances = {("a", "b"): 3, ("b", "c"): 4}

                def between(end, start):
                    return distances[(end, start)]

                print(between("b", "a"))
            """
        },
        "3\n",
        "distances[(start, end)]",
    ),
    Case(
        "byte-order-mark-of-a-table",
        {
            "main.py": """
                import csv

                with open("/tmp/nexoide-key-missing.csv", "wb") as out:
                    out.write(b"\\xef\\xbb\\xbfname,age\\r\\nAda,36\\r\\n")

                def read(path):
                    with open(path, newline="", encoding="utf-8") as source:
                        return [(row["name"], row["age"]) for row in csv.DictReader(source)]

                print(read("/tmp/nexoide-key-missing.csv"))
            """
        },
        "[('Ada', '36')]\n",
        'encoding="utf-8-sig"',
    ),
    Case(
        "semicolons-between-columns",
        {
            "main.py": """
                import csv
                import io

                def read(text):
                    return [row["age"] for row in csv.DictReader(io.StringIO(text))]

                print(read("name;age\\nAda;36\\n"))
            """
        },
        "['36']\n",
        'csv.DictReader(io.StringIO(text), delimiter=";")',
    ),
    Case(
        "enum-member-by-value",
        {
            "main.py": """
                from enum import Enum

                class Level(Enum):
                    LOW = "low"
                    HIGH = "high"

                def parse(rows):
                    return [Level[row] for row in rows]

                print([level.name for level in parse(["low", "high"])])
            """
        },
        "['LOW', 'HIGH']\n",
        "Level(row)",
    ),
    Case(
        "documented-default",
        {
            "main.py": '''
                def connect(options):
                    """Connect as `options` say.

                    host: where to; port: optional, default 5432.
                    """
                    return f"{options['host']}:{options['port']}"

                print(connect({"host": "db"}))
            '''
        },
        "db:5432\n",
        "options.get('port', 5432)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


def test_a_default_that_nothing_shows_is_not_made_up(tmp_path: Path) -> None:
    files = {"main.py": 'prices = {"tea": 3, "rye": 2}\n\ndef cost(name):\n    return prices[name]\n\nprint(cost("oil"))\n'}
    refuse(tmp_path, files, "Nothing in the project says")


def test_a_key_error_raised_on_purpose_stays(tmp_path: Path) -> None:
    files = {"main.py": 'def find(name):\n    if name not in ("a", "b"):\n        raise KeyError(name)\n\nfind("c")\n'}
    refuse(tmp_path, files, "on purpose")


def test_a_variable_that_is_not_set_is_said_not_defaulted(tmp_path: Path) -> None:
    failure = fail(tmp_path, {"main.py": 'import os\n\nprint(os.environ["SHOP_TOKEN_X"])\n'})
    diagnosis = diagnose(tmp_path, failure)
    assert diagnosis.proposals == ()
    assert "SHOP_TOKEN_X" in diagnosis.advice[0].title


def test_a_variable_takes_the_default_of_its_other_read(tmp_path: Path) -> None:
    files = {
        "settings.py": 'import os\n\nMODE = os.environ.get("SHOP_MODE_X", "test")\n',
        "main.py": 'import os\n\nimport settings\n\nprint(settings.MODE, os.environ["SHOP_MODE_X"])\n',
    }
    check(tmp_path, Case("", files, "test test\n", 'os.environ.get("SHOP_MODE_X", "test")'), RULE)


def test_a_mistyped_variable_is_read_as_it_is_set(tmp_path: Path) -> None:
    failure = fail(tmp_path, {"main.py": 'import os\n\nprint(os.environ["SHOP_DATABSE_URL"])\n'})
    diagnosis = diagnose(tmp_path, failure, Asking(surroundings=Surroundings(variables=("PATH", "SHOP_DATABASE_URL"))))
    assert b'os.environ["SHOP_DATABASE_URL"]' in diagnosis.proposals[0].files["main.py"][1]


def test_entries_that_are_registered_elsewhere_are_doubted(tmp_path: Path) -> None:
    files = {
        "main.py": """
            class Bank:
                def __init__(self):
                    self.accounts = {}

                def open(self, name, amount):
                    self.accounts[name] = amount

                def deposit(self, name, amount):
                    self.accounts[name] += amount

            Bank().deposit("ada", 5)
        """
    }
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert all(item.prior <= 0.5 for item in diagnosis.proposals)


def test_removing_what_is_gone(tmp_path: Path) -> None:
    files = {
        "main.py": """
            class Hub:
                def __init__(self):
                    self.listeners = set()

                def leave(self, listener):
                    self.listeners.remove(listener)

            hub = Hub()
            hub.leave("a")
            print("left")
        """
    }
    check(tmp_path, Case("", files, "left\n", "self.listeners.discard(listener)"), RULE)
