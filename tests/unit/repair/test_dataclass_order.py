from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, check, fail

RULE = "dataclass-order"

CASES = [
    Case(
        "required-after-default",
        {
            "models.py": """
                from dataclasses import dataclass

                @dataclass
                class Order:
                    number: int
                    currency: str = "EUR"  # kept
                    customer: str

                    def label(self):
                        return f"{self.number} {self.customer} {self.currency}"
            """,
            "main.py": """
                from models import Order

                print(Order(number=1, customer="Ada").label())
            """,
        },
        "1 Ada EUR\n",
        '    customer: str\n    currency: str = "EUR"  # kept',
    ),
    Case(
        "required-after-inherited-default",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass
                class Base:
                    name: str
                    active: bool = True

                @dataclass
                class User(Base):
                    mail: str

                print(User("Ada", mail="a@b"))
            """
        },
        "User(name='Ada', active=True, mail='a@b')\n",
        "@dataclass(kw_only=True)",
    ),
    Case(
        "set-up-of-a-frozen-class",
        {
            "main.py": """
                from dataclasses import dataclass, field

                @dataclass(frozen=True)
                class Box:
                    width: int
                    height: int
                    area: int = field(init=False, repr=False)

                    def __post_init__(self):
                        self.area = self.width * self.height

                print(Box(2, 3).area)
            """
        },
        "6\n",
        'object.__setattr__(self, "area", self.width * self.height)',
    ),
    Case(
        "copy-of-a-frozen-object",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass(frozen=True)
                class Config:
                    host: str
                    debug: bool = False

                def main():
                    config = Config("db")
                    config.debug = True
                    return config

                print(main())
            """
        },
        "Config(host='db', debug=True)\n",
        "config = replace(config, debug=True)",
    ),
    Case(
        "hashable",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass
                class Point:
                    x: int
                    y: int

                def unique(points):
                    return len(set(points))

                print(unique([Point(1, 2), Point(1, 2), Point(2, 1)]))
            """
        },
        "2\n",
        "@dataclass(frozen=True)",
    ),
    Case(
        "hash-beside-its-own-comparison",
        {
            "main.py": """
                class Tag:
                    def __init__(self, name):
                        self.name = name

                    def __eq__(self, other):
                        return isinstance(other, Tag) and self.name == other.name

                seen = {Tag("a"), Tag("a"), Tag("b")}
                print(len(seen))
            """
        },
        "2\n",
        "def __hash__(self):\n        return hash((self.name,))",
    ),
    Case(
        "slots-by-hand",
        {
            "main.py": """
                from dataclasses import dataclass

                @dataclass
                class Pixel:
                    __slots__ = ("x", "y")

                    x: int
                    y: int = 0

                print(Pixel(1), hasattr(Pixel(1), "__dict__"))
            """
        },
        "Pixel(x=1, y=0) False\n",
        "@dataclass(slots=True)",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["columns", "no-columns"])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_repairs(tmp_path: Path, case: Case, old: bool) -> None:
    check(tmp_path, case, RULE, old=old)


def test_calls_by_position_lower_the_belief(tmp_path: Path) -> None:
    files = {
        "main.py": """
            from dataclasses import dataclass

            @dataclass
            class Item:
                name: str
                count: int = 1
                code: str

            print(Item("tea", 2, "x"))
        """
    }
    proposals = diagnose(tmp_path, fail(tmp_path, files)).proposals
    assert all(item.prior < 0.7 for item in proposals if item.rule == RULE)
