from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "enum-member"

CASES = [
    Case(
        "name4value",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Color
                def parse(row):
                    return Color(row['c'])
                print(parse({'c': 'RED'}).value)
            """,
        },
        "red\n",
    ),
    Case(
        "case",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Color
                def parse(row):
                    return Color(row['c'])
                print(parse({'c': 'Red'}).value)
            """,
        },
        "red\n",
    ),
    Case(
        "int",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Level
                def parse(row):
                    return Level(row['c'])
                print(parse({'c': '2'}).name)
            """,
        },
        "HIGH\n",
    ),
    Case(
        "getitem",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                import models as m
                def parse(row):
                    return m.Color[row['c']]
                print(parse({'c': 'red'}).name)
            """,
        },
        "RED\n",
    ),
    Case(
        "getitem2",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                import models as m
                def parse(row):
                    return m.Level[row['c']]
                print(parse({'c': 'low'}).name)
            """,
        },
        "LOW\n",
    ),
    Case(
        "attr",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Color
                print(Color.Green.value)
            """,
        },
        "green\n",
    ),
    Case(
        "attr2",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Color
                print(Color.GREN.value)
            """,
        },
        "green\n",
    ),
    Case(
        "plain",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
            """,
            "main.py": """
                from models import Color
                def show(c):
                    return c.name
                print(show('red'))
            """,
        },
        "RED\n",
    ),
    Case(
        "other",
        {
            "models.py": """
                from enum import Enum, auto
                class Color(Enum):
                    RED = 'red'
                    GREEN = 'green'
                class Level(Enum):
                    LOW = 1
                    HIGH = 2
                class Old(Enum):
                    ROT = 'red'
            """,
            "main.py": """
                from models import Color, Old
                def show(c):
                    return Color(c).name
                print(show(Old.ROT))
            """,
        },
        "RED\n",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    solved(tmp_path, case, RULE, old=old)


REFUSED = {
    "no-such-member": {
        "main.py": """
            import enum


            class Color(enum.Enum):
                RED = 'red'


            Color('purple')
        """
    },
    "no-enum-at-all": {
        "main.py": """
            class Color:
                RED = 1


            Color.PURPLE
        """
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_its_case_is_left_alone(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
