from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.incidents.expression import expression
from nexoide.model.failure import Frame
from tests.unit.probe.peer import interpreters

from .failures import failure, frame, raised


def found(kind: str, message: str, source: str) -> str:
    place = frame("f", source)
    return expression(failure(raised(place, kind=kind, message=message)), place)


@pytest.mark.parametrize(
    ("kind", "message", "source", "expected"),
    [
        ("AttributeError", "'A' object has no attribute 'amount'", "return sum(price.amount for price in prices)", "price.amount"),
        ("AttributeError", "'A' object has no attribute 'x'", "if a.x and b.y:", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "return a.x + b.x", ""),
        ("AttributeError", "'A' object has no attribute 'x'", "elif a.x:", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "except a.x:", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "return f(a.x,", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "name=a.x,", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "'ü' + a.x", "a.x"),
        ("AttributeError", "'A' object has no attribute 'x'", "async with a.x as y:", "a.x"),
        ("NameError", "name 'total' is not defined", "return total + 1", "total"),
        ("KeyError", "'port'", "return c['host'] + c['port']", "c['port']"),
        ("KeyError", "17", "return prices[sku] * 2", "prices[sku]"),
        ("KeyError", "17", "return a[i] + b[i]", ""),
        ("IndexError", "list index out of range", "first = rows[0]", "rows[0]"),
        ("IndexError", "list index out of range", "first = rows[0][1]", ""),
        ("ZeroDivisionError", "division by zero", "return total / len(items) + 1", "total / len(items)"),
        ("ZeroDivisionError", "division by zero", "return a / b / c", ""),
        ("TypeError", "pay() missing 1 required positional argument: 'x'", "return self.pay(order(1))", "self.pay(order(1))"),
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", "x = f(a + b) * 2", "a + b"),
        ("TypeError", "unsupported operand type(s) for +=: 'int' and 'str'", "a += b", "a += b"),
        ("TypeError", "'NoneType' object is not subscriptable", "return row['x']", "row['x']"),
        ("TypeError", "'<' not supported between instances of 'str' and 'int'", "if a < b:", "a < b"),
        ("ValueError", "invalid literal for int() with base 10: 'x'", "return f(int(text))", "int(text)"),
        ("JSONDecodeError", "Expecting value", "return json.loads(text)", "json.loads(text)"),
        ("ShopError", "empty", "return pay(order)", "pay(order)"),
        ("ShopError", "empty", "return pay(order) + fee(order)", ""),
        ("ValueError", "empty", "raise ValueError('empty')", "raise ValueError('empty')"),
        ("KeyError", "'x'", "this is [ no python", ""),
        ("KeyError", "'x'", "", ""),
    ],
)
def test_without_columns_it_is_the_one_expression_that_can_have_raised_it(kind: str, message: str, source: str, expected: str) -> None:
    assert found(kind, message, source) == expected


def columns(source: str, column: int, end: int, kind: str = "ValueError", seen_by: str = "main") -> str:
    place = Frame(file="/x/a.py", line=3, function="f", source=source, end_line=3, column=column, end_column=end)
    return expression(replace(failure(raised(place, kind=kind, message="'A' object has no attribute 'x'")), source=seen_by), place)  # type: ignore[arg-type]


def test_columns_of_a_printed_traceback_count_from_the_stripped_line() -> None:
    assert columns("return a.x + b.x", 13, 16, "AttributeError", "file") == "b.x"


def test_columns_of_a_probe_count_the_indentation_that_the_line_has_lost() -> None:
    assert columns("return a.x + b.x", 8 + 13, 8 + 16, "AttributeError") == "b.x"
    assert columns("return a.x + b.x", 4 + 7, 4 + 10, "AttributeError") == "a.x"


def test_columns_that_do_not_fit_are_not_believed() -> None:
    assert columns("x = 1", 90, 99) == ""
    assert columns("x = 1", 3, 2) == ""


def test_a_library_that_raised_was_called_by_the_one_call() -> None:
    own, lib = frame("f", "return client.get(url)"), frame("get", file="/usr/lib/python3.11/http/client.py")
    assert expression(failure(raised(own, lib, kind="HTTPError")), own) == "client.get(url)"


def test_it_is_redacted_and_bounded() -> None:
    assert "hunter2" not in found("TypeError", "login() missing 1 required positional argument: 'x'", "login(password='hunter2hunter2')")
    assert len(found("NameError", "name 'x' is not defined", "f(" + "x" * 399)) <= 200


@pytest.mark.parametrize("source", ["(" * 400, "-" * 400, "lambda:" * 60, "f(" * 200, "[x for " * 60, "'" * 399, "\\" * 400, "\0"])
def test_hostile_lines_are_answered(source: str) -> None:
    assert isinstance(found("KeyError", "'x'", source), str)


PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from probe.capture import failure

class Price:
    pass

def first(prices):
    if prices:
        return prices[0].amount + prices[1].total

try:
    prices = [Price(), Price()]
    prices[0].amount = 1
    first(prices)
except AttributeError as error:
    print(json.dumps(failure(error, error.__traceback__, "main", "MainThread")))
"""


@pytest.mark.parametrize("version", ["3.9", "3.11", "3.13"])
def test_it_is_found_in_what_a_probe_captures(version: str, tmp_path: Path) -> None:
    import json
    import subprocess

    from nexoide.incidents.probe_source import failure_from

    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"there is no CPython {version} here")
    (tmp_path / "main.py").write_text(PROGRAM)
    probe = Path(__file__).resolve().parents[3] / "nexoide"
    out = subprocess.run([python, str(tmp_path / "main.py"), str(probe)], capture_output=True, text=True, check=True, timeout=30).stdout
    seen = failure_from({"failure": json.loads(out)}, "shop")
    assert expression(seen, seen.exceptions[0].frames[-1]) == "prices[1].total"
