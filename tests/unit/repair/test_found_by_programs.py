"""Small programs after those that graders wrote: each shows one mechanism, and each has a neighbour that must be left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail

CASES = [
    (
        "missing-import",
        Case(
            "two names that nothing imports",
            {
                "main.py": """
                from pricing import cost


                print(cost("1.005"))
                """,
                "pricing.py": """
                def cost(text):
                    return Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
                """,
            },
            "1.00\n",
            has="ROUND_HALF_EVEN, Decimal",
        ),
    ),
    (
        "name-missing",
        Case(
            "the loop's longer name, and no builtin that only looks alike",
            {
                "main.py": """
                def weigh(total, part):
                    return total * part


                def best(numbers):
                    found = 0
                    for waypoint in numbers:
                        found = max(found, weigh(2, point))
                    return found


                print(best([3, 5]))
                """
            },
            "10\n",
            has="weigh(2, waypoint)",
        ),
    ),
    (
        "zero-division",
        Case(
            "all of another whole",
            {
                "main.py": """
                class Load:
                    def __init__(self, total, done):
                        self.total, self.done = total, done

                    def percent(self):
                        if self.total == 0:
                            return 100
                        return 100 * self.done // self.total

                    def bar(self, size):
                        filled = size * self.done // self.total
                        return "#" * filled


                load = Load(0, 0)
                print(load.percent(), load.bar(4), Load(4, 1).bar(4))
                """
            },
            "100 #### #\n",
        ),
    ),
    (
        "index-missing",
        Case(
            "nothing is changed where nothing can be taken",
            {
                "main.py": """
                class Pages:
                    \"\"\"Pages to go back and forth between; both do nothing at the end.\"\"\"

                    def __init__(self):
                        self.now = 1
                        self.before = []
                        self.after = []

                    def forth(self):
                        if not self.after:
                            return
                        self.before.append(self.now)
                        self.now = self.after.pop()

                    def back(self):
                        self.after.append(self.now)
                        self.now = self.before.pop()


                pages = Pages()
                pages.forth()
                pages.back()
                print(pages.now, pages.after)
                """
            },
            "1 []\n",
        ),
    ),
    (
        "index-missing",
        Case(
            "row and column the other way round",
            {
                "main.py": """
                class Map:
                    def __init__(self, wide, high):
                        self.rows = [[0] * wide for _ in range(high)]

                    def put(self, left, top, value):
                        self.rows[top][left] = value

                    def get(self, left, top):
                        return self.rows[left][top]


                plan = Map(4, 2)
                plan.put(3, 1, 7)
                print(plan.get(3, 1), plan.get(1, 1))
                """
            },
            "7 0\n",
        ),
    ),
    (
        "key-missing",
        Case(
            "a literal that is stored in lower case",
            {
                "main.py": """
                def fields(lines):
                    found = {}
                    for line in lines:
                        name, _, value = line.partition(":")
                        found[name.strip().lower()] = value.strip()
                    return found


                class Mail:
                    def __init__(self, found):
                        self.found = found

                    def subject(self):
                        return self.found["Subject"]


                print(Mail(fields(["From: a", "SUBJECT: tea"])).subject())
                """
            },
            "tea\n",
        ),
    ),
    (
        "key-missing",
        Case(
            "the whole document is the mapping",
            {
                "main.py": """
                import json


                class Desks:
                    def __init__(self, held=None):
                        self._held = held or {}

                    def who(self, number: int):
                        return self._held[number]

                    @classmethod
                    def read(cls, text):
                        return cls(json.loads(text))


                print(Desks({4: "eva"}).who(4), Desks.read('{"4": "ole"}').who(4))
                """
            },
            "eva ole\n",
        ),
    ),
    (
        "file-missing",
        Case(
            "a listing behind a function",
            {
                "main.py": """
                import os
                import tempfile


                def notes(folder):
                    return [name for name in sorted(os.listdir(folder)) if name.endswith(".md")]


                def size(place):
                    total = 0
                    for note in notes(place):
                        with open(note) as handle:
                            total += len(handle.read())
                    return total


                with tempfile.TemporaryDirectory() as root:
                    with open(os.path.join(root, "one.md"), "w") as handle:
                        handle.write("abc")
                    print(size(root))
                """
            },
            "3\n",
        ),
    ),
    (
        "stdlib-moved",
        Case(
            "a generator's own sample of a set",
            {
                "main.py": """
                import random


                class Draw:
                    def __init__(self, seed):
                        self.numbers = random.Random(seed)

                    def some(self, names, count):
                        return self.numbers.sample(set(names), count)


                print(sorted(Draw(1).some(["b", "a", "b"], 2)))
                """
            },
            "['a', 'b']\n",
        ),
    ),
    (
        "value-mix",
        Case(
            "a text that is multiplied",
            {
                "main.py": """
                def sums(rows):
                    for row in rows:
                        price = int(row["count"]) * row["each"]
                        yield float(price)


                print(list(sums([{"count": "2", "each": "1.25"}])))
                """
            },
            "[2.5]\n",
        ),
    ),
    (
        "json-data",
        Case(
            "what follows the word that lines are known by",
            {
                "main.py": """
                import json

                MARK = "event: "


                def events(lines):
                    for line in lines:
                        if line.startswith(MARK):
                            yield json.loads(line)


                print([event["n"] for event in events(["note", 'event: {"n": 3}'])])
                """
            },
            "[3]\n",
        ),
    ),
    (
        "format-arity",
        Case(
            "the one field that is left out",
            {
                "main.py": """
                ROW = "%-4s %3d %s"


                class Item:
                    def __init__(self, code, count, place):
                        self.code = code
                        self.count = count
                        self.place = place

                    def row(self):
                        return ROW % (self.code, self.count)


                print(Item("ab", 7, "shed").row())
                """
            },
            "ab     7 shed\n",
        ),
    ),
    (
        "type-mix",
        Case(
            "bytes that strip() has kept",
            {
                "main.py": """
                import subprocess
                import sys


                def told():
                    return subprocess.run([sys.executable, "-c", "print('one'); print('two')"], stdout=subprocess.PIPE, check=True).stdout


                def lines():
                    return told().strip().split("\\n")


                print([line.strip() for line in lines()])
                """
            },
            "['one', 'two']\n",
        ),
    ),
    (
        "utc-timestamp",
        Case(
            "seconds that are hours off",
            {
                "main.py": """
                import os
                import time
                import datetime as dt

                os.environ["TZ"] = "America/New_York"
                time.tzset()


                def seconds():
                    return dt.datetime.utcnow().timestamp()


                assert abs(seconds() - time.time()) < 60, "the clock is off"
                print("ok")
                """
            },
            "ok\n",
        ),
    ),
]


NEEDS_COLUMNS = {"row and column the other way round"}


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[case.name for _, case in CASES])
@pytest.mark.parametrize("old", [False, True], ids=["columns", "no columns"])
def test_repairs(tmp_path: Path, rule: str, case: Case, old: bool) -> None:
    if old and case.name in NEEDS_COLUMNS:
        pytest.skip("the line alone does not show which of its two lookups failed")
    check(tmp_path, case, rule, old=old)


REFUSED = [
    (
        "a builtin is not what a call wanted for an argument",
        {"main.py": "def twice(value):\n    return value * 2\n\n\ndef run():\n    return twice(point)\n\n\nrun()\n"},
        "print",
    ),
    (
        "an amount of its own is not the answer of a part",
        {
            "main.py": "class Tank:\n    def __init__(self, total):\n        self.total = total\n\n    def price(self):\n        if self.total == 0:\n"
            "            return 25\n        return 300 / self.total\n\n    def steps(self, speed):\n        wait = speed / self.total\n"
            "        return [wait] * 2\n\n\nTank(0).steps(3)\n"
        },
        "25",
    ),
    (
        "two orders are in use",
        {
            "main.py": "def a(rows, x, y):\n    return rows[y][x]\n\n\ndef b(rows, x, y):\n    return rows[x][y]\n\n\n"
            "def c(rows, x, y):\n    return rows[x][y]\n\n\n"
            "print(a([[1, 2]], 1, 0), c([[1, 2]], 0, 1), b([[1, 2]], 1, 0))\n"
        },
        "rows[y][x]",
    ),
    (
        "two fields are left out",
        {
            "main.py": "class Item:\n    def __init__(self, a, b, c, d):\n        self.a = a\n        self.b = b\n        self.c = c\n        self.d = d\n\n"
            "    def row(self):\n        return '%s %s %s' % (self.a, self.b)\n\n\nItem(1, 2, 3, 4).row()\n"
        },
        "self.",
    ),
    (
        "another word is in front of the text",
        {"main.py": "import json\n\n\ndef read(text):\n    return json.loads(text)\n\n\nread('oops {\"n\": 1}')\n"},
        "[",
    ),
    (
        "a text that is no repeated number",
        {"main.py": "def read(row):\n    whole = int(row['n']) * row['name']\n    return float(whole)\n\n\nread({'n': '2', 'name': 'ab'})\n"},
        "float(row",
    ),
]


@pytest.mark.parametrize(("files", "unwanted"), [(files, unwanted) for _, files, unwanted in REFUSED], ids=[name for name, _, _ in REFUSED])
def test_leaves_alone(tmp_path: Path, files: dict[str, str], unwanted: str) -> None:
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert not [item for item in diagnosis.proposals if unwanted in item.title], diagnosis


def test_names_of_unclear_origin_are_not_imported_along(tmp_path: Path) -> None:
    files = {"main.py": "def run():\n    return json.dumps(settings)\n\n\nrun()\n"}
    best = diagnose(tmp_path, fail(tmp_path, files)).proposals[0]
    assert best.files["main.py"][1].decode().count("import") == 1


def test_a_use_is_less_sure_where_a_function_gives_text_beside_numbers(tmp_path: Path) -> None:
    source = "def parts(text):\n    whole = text.split('.')\n    return [int(whole[0])] + whole[1:]\n\n\n"
    source += "def after(text):\n    first, *rest = parts(text)\n    return first, rest[-1] + 1\n\n\nprint(after('1.4'))\n"
    proposals = diagnose(tmp_path, fail(tmp_path, {"main.py": source})).proposals
    assert [item for item in proposals if item.rule == "type-mix"]
    assert all(item.prior < 0.6 for item in proposals), proposals


def test_a_writer_that_declares_what_it_takes_converts_it(tmp_path: Path) -> None:
    source = "import json\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Cup:\n    size: int\n\n\n"
    source += "def text(cup: Cup):\n    return json.dumps(cup)\n\n\nprint(text(Cup(3)))\n"
    proposals = diagnose(tmp_path, fail(tmp_path, {"main.py": source})).proposals
    assert proposals
    assert all(b"text(asdict(" not in new for item in proposals for _, new in item.files.values()), proposals
