from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import fail
from tests.unit.repair.solving import advised

RULE = "deliberate"


def test_the_condition_and_the_values_are_said(tmp_path):
    files = {
        "errors.py": "class StockError(ValueError):\n    pass\n",
        "stock.py": """
            from errors import StockError

            def reserve(have, want):
                if want > have:
                    raise StockError(f"only {have} left")
                return have - want
        """,
        "main.py": "from stock import reserve\n\nprint(reserve(1, 2))\n",
    }
    advice = advised(tmp_path, files, RULE, final=False)
    assert "its own StockError on purpose" in advice.text
    assert "It does so where want > have." in advice.looked
    assert "want was 2." in advice.looked
    assert any("main.py:3" in item for item in advice.looked)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("def f(total, parts):\n    assert total == sum(parts), 'books do not balance'\n\n\nf(3, [1, 1])\n", "states that something always holds"),
        ("class A:\n    def go(self):\n        raise NotImplementedError('subclasses define go')\n\n\nA().go()\n", "is left for another class"),
        ("def f(age):\n    if age < 0:\n        raise ValueError('age must not be negative')\n\n\nf(-1)\n", "ValueError on purpose"),
        (
            "import sqlite3\n\nc = sqlite3.connect(':memory:')\nc.execute('create table t (a unique)')\n"
            "for _ in range(2):\n    c.execute('insert into t values (1)')\n",
            "UNIQUE constraint",
        ),
        ("import configparser\n\np = configparser.ConfigParser()\np.get('shop', 'name')\n", "No section"),
    ],
    ids=["assert", "abstract", "validation", "database", "settings"],
)
def test_checks_and_data_get_advice(source, word, tmp_path):
    assert word in advised(tmp_path, {"main.py": source}, RULE, final=False).text


@pytest.mark.parametrize("source", ["print({}['a'])\n", "def f():\n    return 1 / 0\n\n\nf()\n", "def f(x):\n    return x.nam\n\n\nf(3)\n"])
def test_a_fault_is_not_deliberate(source, tmp_path):
    diagnosis = diagnose(tmp_path, fail(tmp_path, {"main.py": source}))
    assert [item for item in diagnosis.advice if item.rule == RULE] == []


def test_a_transient_failure_is_still_repeated(tmp_path):
    files = {
        "main.py": "n = []\n\n\ndef read(path):\n    n.append(path)\n    if len(n) < 2:\n        raise TimeoutError('timed out')\n    return path\n\n\n"
        "def fetch(path):\n    return read(path)\n\n\nprint(fetch('/x'))\n"
    }
    diagnosis = diagnose(tmp_path, fail(tmp_path, files))
    assert [item.rule for item in diagnosis.proposals] == ["retry-policy"]
