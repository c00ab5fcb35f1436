from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check, fail

RULE = "is-literal"

CASES = [
    Case(
        "text-from-a-file",
        {
            "answers.py": """
                SKIPPED = "n/a"

                def numbers(rows):
                    found = []
                    for row in rows:
                        cell = row.split(",")[1]
                        if cell is not SKIPPED:
                            found.append(int(cell))
                    return found
            """,
            "main.py": """
                from answers import numbers

                print(sum(numbers(["a,1", "b,n/a", "c,4"])))
            """,
        },
        "5\n",
        "if cell != SKIPPED:",
    ),
    Case(
        "several-places-of-a-file",
        {
            "codes.py": """
                def word(status):
                    if status is 404:
                        return "missing"
                    elif status is (503):
                        return "overloaded"
                    return None
            """,
            "main.py": """
                from codes import word

                found = [word(int(text)) for text in ("404", "503")]
                assert None not in found, found
                print(found)
            """,
        },
        "['missing', 'overloaded']\n",
        "elif status == (503):",
    ),
    Case(
        "guard-with-a-float",
        {
            "main.py": """
                def share(part, whole):
                    if whole is 0.0:
                        return None
                    return part / whole

                print(share(1.0, sum([0.5, -0.5])))
            """
        },
        "None\n",
        "if whole == 0.0:",
    ),
    Case(
        "two-lengths",
        {
            "main.py": """
                def check(one, other):
                    if len(one) is not len(other):
                        raise RuntimeError("not alike")
                    return len(one)

                print(check("a" * 500, "b" * 500))
            """
        },
        "500\n",
        "if len(one) != len(other):",
    ),
    Case(
        "empty-row",
        {
            "main.py": """
                def first(rows):
                    if rows is []:
                        return "none"
                    return rows[0]

                print(first([]))
            """
        },
        "none\n",
        "if rows == []:",
    ),
    Case(
        "kept-comment-and-negative-number",
        {
            "main.py": """
                def place(text, word):
                    found = text.find(word) * 300
                    if found is -300:  # a note
                        return "no"
                    return "abc"[found]

                print(place("xy", "z"))
            """
        },
        "no\n",
        "if found == -300:",
    ),
]

NOT_ITS_CASE = [
    {"main.py": "def f(x):\n    return 1 if x is None or x is True else {}[x]\n\n\nf(3)\n"},
    {"main.py": "import enum\n\n\nclass Kind(enum.Enum):\n    A = 1\n\n\ndef f(x):\n    return 1 if x is Kind.A else {}[x]\n\n\nf(3)\n"},
    {"main.py": "UNSET = 'unset'\n\n\ndef f(x=UNSET):\n    return 1 if x is not UNSET else {}[x]\n\n\nf()\n"},
    {"main.py": "def f(x):\n    return 1 if type(x) is str else {}[x]\n\n\nf(3)\n"},
    {"main.py": "def f(x):\n    return 1 if x == None else {}[x]\n\n\nf(3)\n"},
]


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_are_compared_by_value(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("files", NOT_ITS_CASE, ids=range(len(NOT_ITS_CASE)))
def test_marks_types_and_none_are_left(files, tmp_path):
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert [item for item in diagnosis.proposals if item.rule == RULE] == []


def test_all_files_that_ran_are_offered_together(tmp_path):
    files = {
        "one.py": "def a(x):\n    return 1 if x is 1000 else None\n",
        "two.py": "def b(x):\n    return 1 if x is 2000 else None\n",
        "main.py": "from one import a\nfrom two import b\n\nprint(a(int('1000')) + b(int('2000')))\n",
    }
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert any(set(item.files) == {"one.py", "two.py"} for item in diagnosis.proposals if item.rule == RULE)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_examples(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
