from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "stop-iteration"

CASES = [
    Case(
        "raised-in-a-generator",
        {
            "feed.py": """
                def until(rows, end):
                    for row in rows:
                        if row == end:
                            raise StopIteration
                        yield row
            """,
            "main.py": "from feed import until\n\nprint(list(until([1, 2, 0, 3], 0)))\n",
        },
        "[1, 2]\n",
        "            return\n",
    ),
    Case(
        "through-a-helper",
        {
            "records.py": """
                def take(lines):
                    return next(lines).strip()


                def records(lines):
                    lines = iter(lines)
                    while True:
                        name = take(lines)
                        value = take(lines)
                        yield name, value
            """,
            "main.py": "from records import records\n\nprint(dict(records([' a', 'x ', 'b', 'y'])))\n",
        },
        "{'a': 'x', 'b': 'y'}\n",
        "except StopIteration:",
    ),
    Case(
        "loop-outside-of-a-generator",
        {
            "main.py": """
                def total(rows):
                    rows = iter(rows)
                    found = 0
                    while True:
                        row = next(rows)
                        found += row
                    return found

                print(total([1, 2]))
            """
        },
        "3\n",
        "except StopIteration:\n            break",
    ),
    Case(
        "tested-afterwards",
        {
            "main.py": """
                def owner(rows, name):
                    row = next(row for row in rows if row["name"] == name)
                    if row is None:
                        return "nobody"
                    return row["owner"]

                print(owner([], "a"), owner([{"name": "a", "owner": "x"}], "a"))
            """
        },
        "nobody x\n",
        'next((row for row in rows if row["name"] == name), None)',
    ),
    Case(
        "declared-optional",
        {
            "main.py": """
                from typing import Optional

                def find(rows: list, key: int) -> Optional[int]:
                    return next(filter(lambda row: row > key, rows))

                print(find([1], 5), find([9], 5))
            """
        },
        "None 9\n",
        "rows), None)",
    ),
    Case(
        "as-the-function-does",
        {
            "main.py": "def first(rows):\n    if not rows:\n        return 0\n    return next(row for row in rows if row > 1)\n\n"
            "print(first([]), first([1]), first([4]))\n"
        },
        "0 0 4\n",
        ", 0)",
    ),
    Case(
        "described",
        {
            "main.py": """
                REST = "elsewhere"

                def zone(zones, country):
                    \'\'\'The zone of a country, or REST.\'\'\'
                    return next(name for name, held in zones.items() if country in held)

                print(zone({"eu": ["AT"]}, "AT"), zone({}, "JP"))
            """
        },
        "eu elsewhere\n",
        ", REST)",
    ),
    Case(
        "generator-given-to-a-function",
        {
            "stats.py": """
                def mean(values):
                    '''The mean of some values.'''
                    total = sum(values)
                    count = len(list(values))
                    return total / count
            """,
            "main.py": """
                from stats import mean

                rows = [{"n": 1}, {"n": 3}]
                print(mean(row["n"] for row in rows))
            """,
        },
        "2.0\n",
        "    values = list(values)\n",
    ),
    Case(
        "map-walked-twice",
        {
            "main.py": "def show(texts):\n    sizes = map(len, texts)\n    total = sum(sizes)\n    assert [size for size in sizes], 'no "
            "sizes'\n    return total\n\n"
            "print(show(['a', 'bb']))\n"
        },
        "3\n",
        "list(map(len, texts))",
    ),
    Case(
        "two-by-two-with-one-left-over",
        {
            "pairs.py": """
                def pairs(items):
                    taken = iter(items)
                    while True:
                        first = next(taken)
                        second = next(taken)
                        yield first, second
            """,
            "main.py": "from pairs import pairs\n\nprint(list(pairs([1, 2, 3])), list(pairs([1, 2])), list(pairs([])))\n",
        },
        "[(1, 2)] [(1, 2)] []\n",
        "        try:\n            first = next(taken)\n            second = next(taken)\n        except StopIteration:\n            return\n",
    ),
    Case(
        "with-a-step-between",
        {
            "main.py": """
                def pairs(items):
                    taken = iter(items)
                    while True:
                        first = next(taken)
                        yield first
                        second = next(taken)
                        yield -second


                print(list(pairs([1, 2])), list(pairs([1])))
            """
        },
        "[1, -2] [1]\n",
        "        yield first\n        try:",
    ),
    Case(
        "what-goes-round-begins-again",
        {
            "balance.py": """
                class RoundRobin:
                    def __init__(self, servers):
                        self._servers = iter(servers)

                    def pick(self):
                        return next(self._servers)
            """,
            "main.py": "from balance import RoundRobin\n\nturns = RoundRobin(['a', 'b'])\nprint([turns.pick() for _ in range(3)])\n",
        },
        "['a', 'b', 'a']\n",
        "cycle(servers)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)


REFUSED = {
    "a-list-walked-twice": "def spread(rows):\n    kept = [row for row in rows]\n    assert max(kept) - min(kept), 'flat'\n\nspread([1])\n",
    "one-walk-on-each-way": (
        "def f(rows, up):\n    kept = (row for row in rows)\n    if up:\n        return max(kept)\n    else:\n        return "
        "min(kept)\n\nassert f([1], True) == 2\n"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_used_up_is_left_alone(name, tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": REFUSED[name]})


def test_a_default_that_nothing_says_is_not_made_up(tmp_path):
    refuse(tmp_path, {"main.py": "def f(rows):\n    return next(row for row in rows if row > 5)\n\nprint(f([1]) + 1)\n"}, "nothing in the program says")


def test_pages_that_come_to_an_end_do_not_begin_again(tmp_path):
    files = {
        "main.py": "class Pages:\n    def __init__(self, texts):\n        self.left = iter(texts)\n\n    def turn(self):\n        return next(self.left)\n\n\n"
        "pages = Pages(['a'])\nprint(pages.turn(), pages.turn())\n"
    }
    refuse(tmp_path, files, "nothing in the program says")
