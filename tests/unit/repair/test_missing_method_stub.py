from __future__ import annotations

import pytest

from tests.unit.repair.programs import Case
from tests.unit.repair.solving import silent, solved

RULE = "missing-method-stub"

REPORT = """
    class Report:
        def __init__(self, rows):
            self.rows = rows

        def title(self):
            return "r"
"""


def caught(line: str) -> str:
    return f"import report\n\ntry:\n    {line}\nexcept NotImplementedError as error:\n    print(error)\n"


CASES = [
    Case(
        "parameters-from-the-calls",
        {
            "report.py": REPORT,
            "other.py": "import report\n\n\ndef later(path):\n    report.Report([]).render(path, draft=True)\n",
            "main.py": "import other\nimport report\n\n\ndef go(path, size):\n    report.Report([1]).render(path, size)\n\n\n"
            "try:\n    go('a', 3)\nexcept NotImplementedError as error:\n    print(error)\n",
        },
        "Report.render() is not written yet\n",
        "    def render(self, path, size=None, *, draft=None):\n        raise NotImplementedError",
    ),
    Case(
        "property-where-it-is-read",
        {"report.py": REPORT, "main.py": caught("report.Report([1]).checksum")},
        "Report.checksum is not written yet\n",
        "    @property\n    def checksum(self):",
    ),
    Case(
        "a-question-gives-a-bool",
        {"report.py": REPORT, "main.py": caught("report.Report([1]).is_signed()")},
        "Report.is_signed() is not written yet\n",
        "def is_signed(self) -> bool:",
    ),
    Case(
        "after-a-property",
        {
            "report.py": "class Report:\n    @property\n    def size(self):\n        return 1\n",
            "main.py": caught("report.Report().to_pdf()"),
        },
        "Report.to_pdf() is not written yet\n",
        "    def to_pdf(self):",
    ),
    Case(
        "function-of-a-file",
        {"report.py": REPORT, "main.py": caught("report.transmogrify(3, speed=2)")},
        "report.transmogrify() is not written yet\n",
        "def transmogrify(value, *, speed):",
    ),
]


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_stub_says_what_is_missing(case, old, tmp_path):
    best = solved(tmp_path, case, RULE, old=old)
    assert best.prior <= 0.3
    assert best.nature == "stub"


REFUSED = {
    "something-is-close": {"main.py": "class A:\n    def render(self):\n        return 1\n\n\nA().rendr()\n"},
    "another-class-has-it": {"main.py": "class A:\n    def go(self):\n        pass\n\n\nclass B:\n    def save(self, a, b):\n        pass\n\n\nA().save()\n"},
    "not-the-project's": {"main.py": "import math\n\nmath.transmogrify(2)\n"},
    "called-and-read": {"main.py": "class A:\n    def go(self):\n        pass\n\n\na = A()\na.mood()\nprint(a.mood)\n"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_stub_where_there_is_more_to_go_by(name, tmp_path):
    silent(tmp_path, REFUSED[name], RULE)
