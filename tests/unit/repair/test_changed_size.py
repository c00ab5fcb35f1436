from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, leaves_alone, named
from tests.unit.repair.programs import Case, check

RULE = "changed-size"

CASES = [
    Case(
        "keys-of-an-attribute",
        {
            "cache.py": """
                class Cache:
                    def __init__(self):
                        self.rows = {"a": 1, "b": 2, "c": 3}

                    def drop(self, key):
                        self.rows.pop(key)

                    def trim(self, least):
                        for key in self.rows:
                            if self.rows[key] < least:
                                self.drop(key)
            """,
            "main.py": """
                from cache import Cache

                cache = Cache()
                cache.trim(3)
                print(cache.rows)
            """,
        },
        "{'c': 3}\n",
        "for key in list(self.rows):",
    ),
    Case(
        "set",
        {"main.py": "def spread(seen):\n    for n in seen:\n        if n < 3:\n            seen.add(n + 10)\n    return len(seen)\n\nprint(spread({1, 5}))\n"},
        "3\n",
        "list(seen)",
    ),
    Case(
        "deque",
        {
            "main.py": """
                from collections import deque

                def retry(jobs):
                    done = []
                    for job in jobs:
                        if job == "bad":
                            jobs.append("later")
                        done.append(job)
                    return done

                print(retry(deque(["bad", "good"])))
            """
        },
        "['bad', 'good']\n",
        "for job in list(jobs):",
    ),
    Case(
        "in-a-comprehension",
        {"main.py": "rows = {'a': 1, 'b': 2}\n\ndef take(key):\n    return rows.pop(key)\n\nprint([take(key) for key in rows])\n"},
        "[1, 2]\n",
        "for key in list(rows)]",
    ),
    Case(
        "removed-by-place",
        {
            "main.py": """
                def clean(rows):
                    for place, row in enumerate(rows):
                        if row is None:
                            del rows[place]
                    return rows

                left = clean([None, None, 1])
                assert None not in left, left
                print(left)
            """
        },
        "[1]\n",
        "reversed(list(enumerate(rows)))",
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
    "a-copy-is-walked": "rows = [1, 1]\nfor row in list(rows):\n    rows.remove(row)\nassert rows\n",
    "another-list-is-changed": "rows, left = [1, 2], [1, 2]\nfor row in rows:\n    left.remove(row)\nassert left\n",
    "the-loop-ends-there": "def f(rows):\n    for row in rows:\n        if row == 1:\n            rows.remove(row)\n            return "
    "rows\n\nassert f([1, 2]) == [1]\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_loops_that_skip_nothing_are_left_alone(name, tmp_path):
    leaves_alone(RULE, tmp_path, {"main.py": REFUSED[name]})
