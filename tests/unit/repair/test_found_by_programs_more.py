"""More small programs after those that graders wrote: imports in a circle, fields in order, digests, what classes say of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.repair.programs import Case, check

CASES = [
    (
        "circular-import",
        Case(
            "a base below the imports of its children",
            {
                "main.py": """
                import tools

                print([tool.name for tool in tools.everything()])
                """,
                "tools/__init__.py": """
                \"\"\"Tools of a workshop.\"\"\"

                from tools.axe import Axe
                from tools.bow import Bow


                class Tool:
                    name = ""


                def everything():
                    return [Axe(), Bow()]
                """,
                "tools/axe.py": """
                from tools import Tool


                class Axe(Tool):
                    name = "axe"
                """,
                "tools/bow.py": """
                from tools import Tool


                class Bow(Tool):
                    name = "bow"
                """,
            },
            "['axe', 'bow']\n",
        ),
    ),
    (
        "dataclass-order",
        Case(
            "calls by position keep their values",
            {
                "main.py": """
                from dataclasses import dataclass


                @dataclass
                class Box:
                    name: str
                    wide: int = 1
                    high: int


                print(Box("a", 2, 3), Box("b", high=4))
                """
            },
            "Box(name='a', high=3, wide=2) Box(name='b', high=4, wide=1)\n",
        ),
    ),
    (
        "serialisation",
        Case(
            "a digest in a document",
            {
                "main.py": """
                import hashlib
                import json


                def entry(data):
                    return {"size": len(data), "sum": hashlib.md5(data).digest()}


                print(len(json.loads(json.dumps({"a": entry(b"x")}))["a"]["sum"]))
                """
            },
            "32\n",
        ),
    ),
    (
        "json-data",
        Case(
            "the class says what no body is",
            {
                "main.py": """
                import json


                class Client:
                    \"\"\"ask() gives the decoded body, None where the answer has no body.\"\"\"

                    def ask(self, body):
                        return json.loads(body)


                print(Client().ask("[1]"), Client().ask(""))
                """
            },
            "[1] None\n",
        ),
    ),
    (
        "file-missing",
        Case(
            "the class says what no file is",
            {
                "main.py": """
                from pathlib import Path


                class Counter:
                    \"\"\"A number in a file; 0 where there is no file yet.\"\"\"

                    def __init__(self, path):
                        self.path = path

                    def value(self):
                        return int(self.path.read_text())


                print(Counter(Path("never-there.txt")).value())
                """
            },
            "0\n",
        ),
    ),
]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[case.name for _, case in CASES])
@pytest.mark.parametrize("old", [False, True], ids=["columns", "no columns"])
def test_repairs(tmp_path: Path, rule: str, case: Case, old: bool) -> None:
    check(tmp_path, case, rule, old=old)
