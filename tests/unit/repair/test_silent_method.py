from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, fail

RULE = "silent-method"

CASES = [
    Case(
        "always-true-in-another-file",
        {
            "orders.py": """
                class Order:
                    def __init__(self, paid):
                        self.paid = paid

                    def is_paid(self):
                        return self.paid
            """,
            "desk.py": """
                def due(orders):
                    return [order for order in orders if order.paid is not None and not order.is_paid]
            """,
            "main.py": """
                from desk import due
                from orders import Order

                count = len(due([Order(True), Order(False)]))
                assert count == 1, f"{count} are due"
                print(count)
            """,
        },
        "1\n",
        "not order.is_paid()]",
    ),
    Case(
        "shown-in-a-text",
        {
            "main.py": """
                class User:
                    def __init__(self, first, last):
                        self.first, self.last = first, last

                    def full_name(self):
                        return f"{self.first} {self.last}"

                text = f"Dear {User('a', 'b').full_name},"
                assert text == "Dear a b,", text
                print(text)
            """
        },
        "Dear a b,\n",
        ".full_name()},",
    ),
    Case(
        "a-line-of-its-own",
        {
            "main.py": """
                def ranked(points):
                    found = list(points)
                    found.sort
                    return found

                best = ranked([3, 1, 2])
                assert best == [1, 2, 3], best
                print(best)
            """
        },
        "[1, 2, 3]\n",
        "found.sort()",
    ),
    Case(
        "items-of-a-list",
        {
            "main.py": """
                def clean(words):
                    return [word.strip().lower for word in words]

                print(",".join(clean([" A", "B "])))
            """
        },
        "a,b\n",
        "word.strip().lower()",
    ),
    Case(
        "never-equal",
        {
            "main.py": """
                class Door:
                    def state(self):
                        return "open"

                def check(door):
                    if door.state == "open":
                        return "close it"
                    raise RuntimeError("no such state")

                print(check(Door()))
            """
        },
        "close it\n",
        'door.state() == "open"',
    ),
]

LEFT_ALONE = {
    "handed on": """
        class Job:
            def run(self):
                return 1

        steps = [job.run for job in [Job(), Job()]]
        assert sum(step() for step in steps) == 3
    """,
    "optional callback": """
        class Form:
            def __init__(self, on_save=None):
                self.on_save = on_save

        class Page:
            def on_save(self):
                return 1

        def save(form):
            if form.on_save:
                return form.on_save()

        assert save(Form()) == 3
    """,
    "an argument is needed": """
        class Box:
            def holds(self, item):
                return False

        def full(box):
            return 1 if box.holds else 0

        assert full(Box()) == 0
    """,
    "key function": """
        words = sorted(["b", "A"], key=str.lower)
        assert words == ["b", "A"]
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
