from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "private-attribute"

CASES = [
    Case(
        "mangle",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.__n = 1
                class B(A):
                    def go(self):
                        return self.__n + 1
                print(B().go())
            """,
        },
        "2\n",
    ),
    Case(
        "mangle2",
        {
            "main.py": """
                class A:
                    def __init__(self):
                        self.__n = 1
                    @property
                    def n(self):
                        return self.__n
                def go(a):
                    return a.__n + 1
                print(go(A()))
            """,
        },
        "2\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "inside-its-own-class": {
        "main.py": """
            class P:
                def go(self):
                    return self.__z


            P().go()
        """
    },
    "a-special-name": {
        "main.py": """
            class P:
                pass


            P().__len__()
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
