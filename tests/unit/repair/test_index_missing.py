from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "index-missing"

CASES = [
    Case(
        "one-turn-too-many",
        {
            "main.py": """
                def running(values):
                    result = []
                    total = 0
                    for place in range(len(values) + 1):
                        total += values[place]
                        result.append(total)
                    return result

                print(running([1, 2, 3]))
            """
        },
        "[1, 3, 6]\n",
        "range(len(values))",
    ),
    Case(
        "ranks-from-one",
        {
            "main.py": """
                def table(names):
                    lines = []
                    for rank in range(1, len(names) + 1):
                        lines.append(f"{rank}. {names[rank]}")
                    return lines

                print(table(["Ada", "Bob"]))
            """
        },
        "['1. Ada', '2. Bob']\n",
        "names[rank - 1]",
    ),
    Case(
        "neighbours",
        {
            "main.py": """
                def rises(values):
                    count = 0
                    for i in range(len(values)):
                        if values[i + 1] > values[i]:
                            count += 1
                    return count

                print(rises([1, 2, 1, 4]))
            """
        },
        "2\n",
        "range(len(values) - 1)",
    ),
    Case(
        "last-one-goes-the-other-way",
        {
            "main.py": """
                def runs(text):
                    parts = []
                    count = 1
                    for i in range(len(text)):
                        if text[i] == text[i + 1]:
                            count += 1
                        else:
                            parts.append(f"{count}{text[i]}")
                            count = 1
                    return "".join(parts)

                print(runs("aab"))
            """
        },
        "2a1b\n",
        "if i + 1 < len(text) and text[i] == text[i + 1]:",
    ),
    Case(
        "walk-with-a-bound-too-late",
        {
            "main.py": """
                def skip(text, start):
                    while text[start] == " " and start < len(text):
                        start += 1
                    return start

                print(skip("   ", 0))
            """
        },
        "3\n",
        'while start < len(text) and text[start] == " ":',
    ),
    Case(
        "walk-one-too-far",
        {
            "main.py": """
                def find(items, wanted):
                    i = 0
                    while i <= len(items):
                        if items[i] == wanted:
                            return i
                        i += 1
                    return -1

                print(find([1, 2], 3), find([1, 2], 2))
            """
        },
        "-1 1\n",
        "while i < len(items):",
    ),
    Case("length-as-the-last-index", {"main.py": "def last(items):\n    return items[len(items)]\n\n\nprint(last([1, 2]))\n"}, "2\n", "items[-1]"),
    Case(
        "table-built-too-short",
        {
            "main.py": """
                def ways(n):
                    table = [0] * n
                    table[0] = 1
                    for step in range(1, n + 1):
                        table[step] = table[step - 1] + (table[step - 2] if step > 1 else 0)
                    return table[n]

                print(ways(5))
            """
        },
        "8\n",
        "table = [0] * (n + 1)",
    ),
    Case(
        "filled-by-number",
        {
            "main.py": """
                def squares(n):
                    result = []
                    for i in range(n):
                        result[i] = i * i
                    return result

                print(squares(3))
            """
        },
        "[0, 1, 4]\n",
        "result.append(i * i)",
    ),
    Case(
        "removed-while-counted",
        {
            "main.py": """
                def without(values, gone):
                    for i in range(len(values)):
                        if values[i] == gone:
                            values.pop(i)
                    return values

                print(without([1, 2, 2, 3], 2))
            """
        },
        "[1, 3]\n",
        "range(len(values) - 1, -1, -1)",
    ),
    Case(
        "rows-and-columns-swapped",
        {
            "main.py": """
                def total(grid):
                    result = 0
                    for y in range(len(grid)):
                        for x in range(len(grid[0])):
                            result += grid[x][y]
                    return result

                print(total([[1, 2, 3], [4, 5, 6]]))
            """
        },
        "21\n",
        "grid[y][x]",
    ),
    Case(
        "months-from-one",
        {
            "dates.py": 'MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]\n',
            "main.py": """
                from dates import MONTHS

                def label(year, month):
                    return f"{MONTHS[month]} {year}"

                print(label(2024, 12))
            """,
        },
        "Dec 2024\n",
        "MONTHS[month - 1]",
    ),
    Case(
        "round-robin",
        {
            "main.py": '''
                class Pool:
                    """Hands servers out in turn, round robin."""

                    def __init__(self, servers):
                        self.servers = servers
                        self.place = 0

                    def take(self):
                        server = self.servers[self.place]
                        self.place += 1
                        return server

                pool = Pool(["a", "b"])
                print([pool.take() for _ in range(3)])
            '''
        },
        "['a', 'b', 'a']\n",
        "self.servers[self.place % len(self.servers)]",
    ),
    Case(
        "another-separator",
        {
            "main.py": """
                def read(lines):
                    people = {}
                    for line in lines:
                        parts = line.split(",")
                        people[parts[0]] = parts[1]
                    return people

                print(read(["Ada;36", "Bob;9"]))
            """
        },
        "{'Ada': '36', 'Bob': '9'}\n",
        'line.split(";")',
    ),
    Case(
        "lines-that-are-said-to-be-skipped",
        {
            "main.py": '''
                def read(lines):
                    """Return name and age of each line; incomplete lines are skipped."""
                    people = []
                    for line in lines:
                        parts = line.split(",")
                        people.append((parts[0], int(parts[1])))
                    return people

                print(read(["Ada,36", "Bob", "Eve,7"]))
            '''
        },
        "[('Ada', 36), ('Eve', 7)]\n",
        "if len(parts) < 2:\n            continue",
    ),
    Case(
        "first-of-nothing-as-its-sibling",
        {
            "main.py": """
                class Queue:
                    def __init__(self):
                        self.items = []

                    def peek(self):
                        if not self.items:
                            return None
                        return self.items[0]

                    def take(self):
                        return self.items.pop(0)

                queue = Queue()
                print(queue.peek(), queue.take())
            """
        },
        "None None\n",
        "if not self.items:\n            return None\n        return self.items.pop(0)",
    ),
    Case(
        "closing-without-opening",
        {
            "main.py": """
                def balanced(text):
                    stack = []
                    for mark in text:
                        if mark == "(":
                            stack.append(mark)
                        elif mark == ")":
                            stack.pop()
                    return not stack

                print(balanced("())"), balanced("()"))
            """
        },
        "False True\n",
    ),
    Case(
        "largest-of-nothing",
        {
            "main.py": '''
                def longest(words):
                    """Return the length of the longest word, 0 if there are no words."""
                    return max(len(word) for word in words)

                print(longest(["a", "bc"]), longest([]))
            '''
        },
        "2 0\n",
        "default=0",
    ),
    Case(
        "loop-that-never-ends",
        {
            "main.py": """
                def drain(jobs):
                    done = []
                    while True:
                        job = jobs.pop(0)
                        done.append(job)
                    return done

                print(drain([1, 2]))
            """
        },
        "[1, 2]\n",
        "while jobs:",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


def test_what_nothing_says_is_not_made_up(tmp_path: Path) -> None:
    refuse(tmp_path, {"main.py": "def newest(rows):\n    return sorted(rows)[-1]\n\n\nnewest([])\n"}, "Nothing in the project says")


def test_an_argument_of_the_command_is_said(tmp_path: Path) -> None:
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": "import sys\n\nprint(sys.argv[5])\n"}))
    assert diagnosis.proposals == ()
    assert "argument 5" in diagnosis.advice[0].title
