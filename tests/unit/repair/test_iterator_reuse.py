from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, fail

RULE = "iterator-reuse"

CASES = [
    Case(
        "kept-by-an-object",
        {
            "data.py": """
                class Measurements:
                    def __init__(self, lines):
                        self.values = (float(line) for line in lines if line.strip())

                    def mean(self):
                        return sum(self.values) / self.count()

                    def count(self):
                        return sum(1 for _ in self.values)
            """,
            "main.py": "from data import Measurements\n\nprint(Measurements(['1', '3', '']).mean())\n",
        },
        "2.0\n",
        "self.values = [float(line)",
    ),
    Case(
        "made-before-a-loop",
        {
            "main.py": """
                def pairs(left, right):
                    rights = map(str.upper, right)
                    return [l + r for l in left for r in rights]

                found = pairs(["a", "b"], ["x", "y"])
                assert len(found) == 4, found
                print(found)
            """
        },
        "['aX', 'aY', 'bX', 'bY']\n",
        "list(map(str.upper, right))",
    ),
    Case(
        "given-to-a-class",
        {
            "stats.py": """
                class Summary:
                    def __init__(self, rows):
                        self.rows = rows

                    def total(self):
                        return sum(row["price"] for row in self.rows)

                    def dearest(self):
                        return max(row["price"] for row in self.rows)
            """,
            "main.py": """
                from stats import Summary

                def load(lines):
                    for line in lines:
                        yield {"price": float(line)}

                summary = Summary(load(["1", "4"]))
                print(summary.total())
                print(summary.dearest())
            """,
        },
        "5.0\n4.0\n",
        "self.rows = list(rows)",
    ),
    Case(
        "its-own-iterator",
        {
            "main.py": """
                class Countdown:
                    def __init__(self, start):
                        self.start = start
                        self.current = start

                    def __iter__(self):
                        return self

                    def __next__(self):
                        if self.current <= 0:
                            raise StopIteration
                        self.current -= 1
                        return self.current + 1

                count = Countdown(3)
                print(list(count))
                again = list(count)
                assert again == [3, 2, 1], again
            """
        },
        "[3, 2, 1]\n",
        "self.current = self.start\n        return self",
    ),
    Case(
        "a-file-at-its-end",
        {
            "main.py": """
                import pathlib

                def summary(path):
                    with open(path) as lines:
                        count = sum(1 for _ in lines)
                        longest = max(len(line.strip()) for line in lines)
                    return count, longest

                print(summary(pathlib.Path(__file__).with_name("names.txt")))
            """,
            "names.txt": "ab\nc\n",
        },
        "(2, 2)\n",
        "lines.seek(0)",
    ),
]

LEFT_ALONE = {
    "header and rest": """
        def load(lines):
            rest = iter(lines)
            header = next(rest)
            rows = [line for line in rest]
            assert rows == ["z"], (header, rows)

        load(["a", "b"])
    """,
    "one arm or the other": """
        def show(rows, loud):
            kept = (row for row in rows)
            if loud:
                return ", ".join(kept)
            return list(kept)

        assert show(["a"], False) == ["b"]
    """,
    "stopped and gone on": """
        def parse(lines):
            rest = iter(lines)
            for line in rest:
                if not line:
                    break
            body = list(rest)
            assert body == ["x"], body

        parse(["h", "", "b"])
    """,
    "one pass": """
        def names(rows):
            kept = filter(None, rows)
            return sorted(kept)

        assert names(["b", ""]) == ["c"]
    """,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("old", [False, True], ids=["columns", "old"])
def test_repaired(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_left_alone(name, tmp_path):
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": LEFT_ALONE[name]}))
    assert not [item for item in diagnosis.proposals if item.rule == RULE]


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
