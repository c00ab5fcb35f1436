from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "swapped-arguments"

CASES = [
    Case(
        "by-annotations",
        {
            "convert.py": """
                FACTORS = {"m": 1.0, "km": 1000.0}

                def to_unit(value: float, unit: str) -> float:
                    return value * FACTORS[unit]

                def report(values):
                    return [to_unit("km", value) for value in values]
            """,
            "main.py": """
                from convert import report, to_unit

                print(to_unit(2.0, "m"), report([1.0]))
            """,
        },
        "2.0 [1000.0]\n",
        'to_unit(value, "km")',
    ),
    Case(
        "by-the-fields-of-a-dataclass",
        {
            "route.py": """
                from dataclasses import dataclass

                @dataclass
                class Leg:
                    origin: str
                    target: str
                    km: int

                    def __post_init__(self):
                        if self.km < 0:
                            raise ValueError("negative")
            """,
            "main.py": """
                from route import Leg

                legs = [Leg(a, km, b) for a, b, km in [("Ulm", "Rome", 870)]]
                print(legs[0].target, legs[0].km)
            """,
        },
        "Rome 870\n",
        "Leg(a, b, km)",
    ),
    Case(
        "by-the-names",
        {
            "prices.py": """
                def price_of(table, sku):
                    return table[sku]

                def total(table, skus):
                    return sum(price_of(sku, table) for sku in skus)
            """,
            "main.py": """
                from prices import total

                print(total({"tea": 3, "cup": 4}, ["tea", "cup"]))
            """,
        },
        "7\n",
        "price_of(table, sku) for",
    ),
    Case(
        "by-the-other-calls",
        {
            "pad.py": """
                def padded(text, width):
                    return text.rjust(width)
            """,
            "main.py": """
                from pad import padded

                print(padded("a", 3) + padded("b", 2))
                print(padded(4, "c"))
            """,
        },
        "  a b\n   c\n",
        'padded("c", 4)',
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_two_arguments_change_places(tmp_path, case):
    solved(tmp_path, case, RULE)


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": "def metres(value: float, unit: str):\n    return value * {'m': 1}[unit]\n\n\nprint(metres(2.0, 'mile'))\n"},
        {"main.py": "def ratio(a, b):\n    return {}[a] / b\n\n\nprint(ratio(1, 2))\n"},
        {"main.py": "def pick(table, name):\n    return table[name]\n\n\nname, table = 'x', {}\nprint(pick(table, name))\n"},
        {"main.py": "def add(first: int, second: int):\n    raise ValueError('no')\n\n\nprint(add('1', '2'))\n"},
    ],
    ids=["a-wrong-value", "no-types", "names-in-order", "both-wrong"],
)
def test_what_is_in_order_is_left(tmp_path, files):
    silent(tmp_path, files, RULE)
