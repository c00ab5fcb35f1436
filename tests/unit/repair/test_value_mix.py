from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "value-mix"

CASES = [
    Case(
        "dict-attribute-without-items",
        {
            "stock.py": """
                class Stock:
                    def __init__(self):
                        self.sizes: dict[str, int] = {"axe": 3, "saw": 1}

                    def lines(self):
                        return [f"{name} {size}" for name, size in self.sizes]
            """,
            "main.py": """
                from stock import Stock

                for line in Stock().lines():
                    print(line)
            """,
        },
        "axe 3\nsaw 1\n",
        "self.sizes.items()]",
    ),
    Case(
        "dict-from-a-function",
        {
            "main.py": """
                def totals(rows):
                    found = {}
                    for name, count in rows:
                        found[name] = found.get(name, 0) + count
                    return found

                result = totals([("a", 1), ("b", 2), ("a", 3)])
                for name, count in result:
                    print(name, count)
            """
        },
        "a 4\nb 2\n",
        "in result.items():",
    ),
    Case(
        "counter-missing",
        {
            "main.py": """
                def show(names):
                    for i, name in names:
                        print(i, name)

                show(["anna", "bob"])
            """
        },
        "0 anna\n1 bob\n",
        "enumerate(names)",
    ),
    Case(
        "enumerate-of-pairs",
        {
            "main.py": """
                pairs = [("a", 1), ("b", 2)]
                for place, name, count in enumerate(pairs):
                    print(place, name, count)
            """
        },
        "0 a 1\n1 b 2\n",
        "place, (name, count) in",
    ),
    Case(
        "colon-in-the-value",
        {
            "main.py": """
                def parse(line):
                    key, value = line.split(":")
                    return key.strip(), value.strip()

                print(parse("time: 12:30"))
            """
        },
        "('time', '12:30')\n",
        'split(":", 1)',
    ),
    Case(
        "function-returns-more",
        {
            "stats.py": """
                def stats(values):
                    total = sum(values)
                    count = len(values)
                    mean = total / count
                    return total, count, mean
            """,
            "main.py": """
                from stats import stats

                total, mean = stats([2, 4])
                print(total, mean)
            """,
        },
        "6 3.0\n",
        "total, _, mean = ",
    ),
    Case(
        "columns",
        {"main.py": 'rows = [("a", 1), ("b", 2), ("c", 3)]\nnames, counts = zip(rows)\nprint(names, counts)\n'},
        "('a', 'b', 'c') (1, 2, 3)\n",
        "zip(*rows)",
    ),
    Case(
        "blank-line",
        {
            "main.py": """
                TEXT = "a=1\\n\\nb=2\\n"

                def settings(text):
                    found = {}
                    for line in text.splitlines():
                        key, value = line.split("=")
                        found[key] = value
                    return found

                print(settings(TEXT))
            """
        },
        "{'a': '1', 'b': '2'}\n",
        "if not line.strip():",
    ),
    Case(
        "whole-number-with-a-fraction",
        {"main.py": 'def seats(row):\n    return int(row["seats"])\n\n\nprint(seats({"seats": "12.0"}))\n'},
        "12\n",
        'int(float(row["seats"]))',
    ),
    Case(
        "decimal-comma",
        {"main.py": 'def price(text):\n    return float(text)\n\n\nprint(price("12,90"))\n'},
        "12.9\n",
        'text.replace(",", ".")',
    ),
    Case(
        "currency-sign",
        {"main.py": 'def price(text):\n    return float(text)\n\n\nprint(price("$1,012.50"))\n'},
        "1012.5\n",
        'removeprefix("$")',
    ),
    Case("hexadecimal", {"main.py": 'def mask(text):\n    return int(text)\n\n\nprint(mask("0xff"))\n'}, "255\n", "int(text, 16)"),
    Case(
        "row-of-headings",
        {
            "main.py": """
                import csv
                import io

                TEXT = "name,count\\naxe,3\\nsaw,1\\n"

                def total(file):
                    reader = csv.reader(file)
                    result = 0
                    for row in reader:
                        result += int(row[1])
                    return result

                print(total(io.StringIO(TEXT)))
            """
        },
        "4\n",
        "next(reader, None)",
    ),
    Case(
        "parts-exchanged",
        {"main.py": 'name, count = "3;axe".split(";")\nprint(name, int(count) + 1)\n'},
        "axe 4\n",
        "count, name = ",
    ),
    Case(
        "tested-for-minus-one",
        {
            "main.py": """
                def key(line):
                    place = line.index("=")
                    if place == -1:
                        return line
                    return line[:place]

                print(key("a=1"), key("b"))
            """
        },
        "a b\n",
        'line.find("=")',
    ),
    Case(
        "removed-if-there",
        {
            "main.py": '''
                class Room:
                    def __init__(self):
                        self.members = ["ann"]

                    def leave(self, name):
                        """Take a member out; does nothing if nobody is called so."""
                        self.members.remove(name)

                room = Room()
                room.leave("bob")
                print(room.members)
            '''
        },
        "['ann']\n",
        "if name in self.members:",
    ),
]

REFUSED = [
    ("typed-by-a-person", {"main.py": 'import builtins\nbuiltins.input = lambda prompt: "ten"\nage = int(input("age "))\nprint(age)\n'}, "typed in"),
    ("no-number", {"main.py": 'def read(text):\n    return int(text)\n\n\nprint(read("unknown thing"))\n'}, "no number in any form"),
    ("empty", {"main.py": 'def read(text):\n    return int(text)\n\n\nprint(read(""))\n'}, "does not say"),
    ("not-in-list", {"main.py": 'names = ["a"]\nnames.remove("b")\nprint(names)\n'}, "does not say that it may be missing"),
    ("on-purpose", {"main.py": 'raise ValueError("too many values to unpack (expected 2)")\n'}, "on purpose"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_value_is_taken_in_its_form(case, tmp_path):
    check(tmp_path, case, RULE)


@pytest.mark.parametrize("case", [case for case in CASES if case.name != "parts-exchanged"], ids=lambda case: case.name)
def test_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_not_said_is_not_guessed(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
