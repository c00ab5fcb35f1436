from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, refuse

RULE = "serialisation"

CASES = [
    Case(
        "date-attribute",
        {
            "invoices.py": """
                import json
                from dataclasses import dataclass
                from datetime import date

                @dataclass
                class Invoice:
                    number: int
                    issued: date

                def dump(invoice):
                    return json.dumps({"number": invoice.number, "issued": invoice.issued})
            """,
            "main.py": """
                from datetime import date

                from invoices import Invoice, dump

                print(dump(Invoice(7, date(2024, 5, 3))))
            """,
        },
        '{"number": 7, "issued": "2024-05-03"}\n',
    ),
    Case(
        "optional-time",
        {
            "main.py": """
                import json
                from dataclasses import dataclass
                from datetime import datetime

                @dataclass
                class Job:
                    name: str
                    last: datetime | None = None

                def rows(jobs: list[Job]):
                    found = []
                    for job in jobs:
                        found.append({"name": job.name, "last": job.last})
                    return found

                print(json.dumps(rows([Job("a", datetime(2024, 5, 3, 7, 30)), Job("b")])))
            """
        },
        '[{"name": "a", "last": "2024-05-03T07:30:00"}, {"name": "b", "last": null}]\n',
    ),
    Case(
        "enumeration-read-by-value",
        {
            "states.py": """
                import enum

                class State(enum.Enum):
                    OPEN = "open"
                    DONE = "done"
            """,
            "store.py": """
                import json

                from states import State

                def save(state):
                    return json.dumps({"state": state})

                def load(text):
                    return State(json.loads(text)["state"])
            """,
            "main.py": """
                from states import State
                from store import load, save

                print(save(State.DONE), load(save(State.DONE)))
            """,
        },
        '{"state": "done"} State.DONE\n',
        "state.value",
    ),
    Case(
        "enumeration-read-by-name",
        {
            "main.py": """
                import enum
                import json

                class Level(enum.Enum):
                    LOW = 1
                    HIGH = 2

                def save(level):
                    return json.dumps({"level": level})

                print(Level[json.loads(save(Level.HIGH))["level"]] if False else "", end="")
                print(Level[json.loads(save(Level.HIGH))["level"]])
            """
        },
        "Level.HIGH\n",
        "level.name",
    ),
    Case(
        "decimal-that-is-read-again",
        {
            "main.py": """
                import json
                from decimal import Decimal

                def save(rows):
                    return json.dumps(rows)

                def load(text):
                    return [Decimal(row["price"]) for row in json.loads(text)]

                print(load(save([{"price": Decimal("0.10")}])))
            """
        },
        "[Decimal('0.10')]\n",
        "default=str",
    ),
    Case(
        "own-method",
        {
            "main.py": """
                import json

                class Point:
                    def __init__(self, x, y):
                        self.x = x
                        self.y = y

                    def to_dict(self):
                        return {"x": self.x, "y": self.y}

                point = Point(1, 2)
                print(json.dumps([point]))
            """
        },
        '[{"x": 1, "y": 2}]\n',
        "to_dict()",
    ),
    Case(
        "bytes-in-base64",
        {
            "main.py": """
                import base64
                import json

                def save(data: bytes):
                    return json.dumps({"data": data})

                def load(text):
                    return base64.b64decode(json.loads(text)["data"])

                print(load(save(bytes([0, 255]))))
            """
        },
        "b'\\x00\\xff'\n",
        "b64encode(data).decode()",
    ),
    Case(
        "walked-only-once",
        {"main.py": 'import json\n\nsizes = {"a": 1, "b": 2}\nprint(json.dumps({"names": sizes.keys()}))\n'},
        '{"names": ["a", "b"]}\n',
        "list(sizes.keys())",
    ),
    Case(
        "own-encoder",
        {
            "encoder.py": """
                import json
                from datetime import date

                class Encoder(json.JSONEncoder):
                    def default(self, value):
                        if isinstance(value, date):
                            return value.isoformat()
                        return super().default(value)
            """,
            "main.py": """
                import json
                from datetime import date
                from pathlib import PurePosixPath

                from encoder import Encoder

                print(json.dumps({"day": date(2024, 5, 3), "tags": {"b", "a"}}, cls=Encoder))
            """,
        },
        '{"day": "2024-05-03", "tags": ["a", "b"]}\n',
        "if isinstance(value, set):",
    ),
    Case(
        "default-function",
        {
            "main.py": """
                import json
                from datetime import date
                from decimal import Decimal

                def plain(value):
                    if isinstance(value, date):
                        return value.isoformat()
                    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

                print(Decimal(json.loads(json.dumps({"sum": Decimal("1.50")}, default=plain))["sum"]))
            """
        },
        "1.50\n",
        "if isinstance(value, Decimal):",
    ),
    Case(
        "pairs-as-keys",
        {
            "main.py": """
                import json

                def save(cells):
                    return json.dumps(cells)

                def load(text):
                    return {tuple(map(int, key.split(";"))): value for key, value in json.loads(text).items()}

                print(load(save({(1, 2): "a"})))
            """
        },
        "{(1, 2): 'a'}\n",
        '";".join(map(str, key))',
    ),
    Case(
        "factory-without-a-name",
        {
            "main.py": """
                import pickle
                from collections import defaultdict

                class Counts:
                    def __init__(self):
                        self.found = defaultdict(lambda: 0)

                counts = Counts()
                counts.found["a"] += 1
                print(len(pickle.dumps(counts.found)) > 0)
            """
        },
        "True\n",
        "defaultdict(int)",
    ),
]

REFUSED = [
    ("a-lock", {"main.py": 'import json\nimport threading\n\nprint(json.dumps({"lock": threading.Lock()}))\n'}, ""),
    ("a-connection", {"main.py": "import pickle\nimport threading\n\npickle.dumps(threading.Lock())\n"}, "cannot be"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_are_written_as_they_are_read(case, tmp_path):
    check(tmp_path, case, RULE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_without_columns(case, tmp_path):
    check(tmp_path, case, RULE, old=True)


@pytest.mark.parametrize(("name", "files", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_has_no_form_is_left(name, files, word, tmp_path):
    refuse(tmp_path, files, word)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
