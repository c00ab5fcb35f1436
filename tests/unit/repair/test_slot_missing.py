from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "slot-missing"

CASES = [
    Case(
        "slots",
        {
            "main.py": """
                class P:
                    __slots__ = ('x', 'y')
                    def __init__(self, x, y, z):
                        self.x = x
                        self.y = y
                        self.z = z
                print(P(1,2,3).z)
            """,
        },
        "3\n",
    ),
    Case(
        "field-of-a-dataclass",
        {
            "vehicle.py": """
                from dataclasses import dataclass


                @dataclass(slots=True)
                class Vehicle:
                    name: str
                    metres: float = 0.0

                    def update(self, seconds, metres):
                        self.speed = (metres - self.metres) / seconds
                        self.metres = metres
            """,
            "main.py": """
                from vehicle import Vehicle


                bus = Vehicle('bus 7')
                bus.update(10, 120)
                print(bus.speed)
            """,
        },
        "12.0\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "never-set-by-the-class": {
        "main.py": """
            class P:
                __slots__ = ('x',)

                def __init__(self):
                    self.x = 1


            print(P().z)
        """
    },
    "a-class-without-slots": {
        "main.py": """
            class P:
                def go(self):
                    return self.z


            P().go()
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
