from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.code.contracts import documented_value
from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail, refuse

RULE = "zero-division"

CASES = [
    Case(
        "documented",
        {
            "main.py": '''
                def mean(values):
                    """Return the mean of the values, or None if there are no values."""
                    return sum(values) / len(values)

                print(mean([1, 2]), mean([]))
            '''
        },
        "1.5 None\n",
        "if not values:\n        return None",
    ),
    Case(
        "sibling-function",
        {
            "stats.py": """
                def median(values):
                    if not values:
                        return 0.0
                    return sorted(values)[len(values) // 2]

                def mean(values):
                    return sum(values) / len(values)
            """,
            "main.py": """
                from stats import mean, median

                print(median([]), mean([]), mean([4]))
            """,
        },
        "0.0 0.0 4.0\n",
    ),
    Case(
        "count-that-is-never-counted",
        {
            "main.py": """
                def average(rows):
                    total = 0
                    count = 0
                    for row in rows:
                        if row["paid"]:
                            total += row["amount"]
                    return total / count

                print(average([{"paid": True, "amount": 3}, {"paid": False, "amount": 9}, {"paid": True, "amount": 5}]))
            """
        },
        "4.0\n",
        "            count += 1",
    ),
    Case(
        "step-of-zero",
        {
            "main.py": """
                def report(items):
                    step = len(items) // 10
                    shown = []
                    for place, item in enumerate(items):
                        if place % step == 0:
                            shown.append(item)
                    return shown

                print(report(["a", "b"]))
            """
        },
        "['a', 'b']\n",
        "step = max(1, len(items) // 10)",
    ),
    Case(
        "several-shares",
        {
            "main.py": """
                def summary(done, failed):
                    total = done + failed
                    return {"done_rate": round(done / total * 100, 1), "failed_rate": round(failed / total * 100, 1)}

                print(summary(0, 0), summary(1, 3))
            """
        },
        "{'done_rate': 0.0, 'failed_rate': 0.0} {'done_rate': 25.0, 'failed_rate': 75.0}\n",
    ),
    Case(
        "text-of-a-rate",
        {
            "main.py": """
                def rate_line(clicks, views):
                    return f"{clicks / views:.1%}"

                print(rate_line(1, 4), rate_line(0, 0))
            """
        },
        "25.0% 0.0%\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


def test_a_value_that_nothing_states_is_a_guess(tmp_path: Path) -> None:
    files = {"main.py": "def average(values):\n    return sum(values) / len(values)\n\n\nprint(average([]))\n"}
    best = diagnose(tmp_path, fail(tmp_path, files)).proposals[0]
    assert best.guesses
    assert best.prior < 0.7
    assert b"if not values:\n        return 0.0" in best.files["main.py"][1]


def test_a_divisor_that_was_given_is_left_alone(tmp_path: Path) -> None:
    refuse(tmp_path, {"main.py": "def divide(a, b):\n    return a / b\n\n\nprint(divide(1, 0))\n"}, "Nothing in the project says")


def test_an_error_raised_on_purpose_stays(tmp_path: Path) -> None:
    files = {"main.py": "def split(a, b):\n    if b == 0:\n        raise ZeroDivisionError('b')\n    return a / b\n\n\nsplit(1, 0)\n"}
    refuse(tmp_path, files, "on purpose")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Return the mean, 0.0 for an empty list.", "0.0"),
        ("Returns None if there are no ratings.", "None"),
        ("An empty basket costs 0.", "0"),
        ("If the list is empty, returns 0.", "0"),
        ("No votes yet means 0.0.", "0.0"),
        ("Return the share of `done` tasks in percent.", ""),
        ("Return the first 3 items.", ""),
    ],
)
def test_what_a_docstring_says_of_nothing(text: str, value: str) -> None:
    assert documented_value(text) == value
