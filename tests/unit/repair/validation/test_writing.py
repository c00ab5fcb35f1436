from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.patches.inspection import inspect
from nexoide.repair.validation.calling import Outcome
from nexoide.repair.validation.placing import Habit
from nexoide.repair.validation.rebuilding import Call
from nexoide.repair.validation.writing import of_call, of_script
from tests.unit.repair.validation.builders import failure, frame

ROOT = Path("/project")
SEEN = failure(frame(ROOT, "shop/cart.py", 3, "total"))
CALL = Call(
    file="shop/cart.py",
    function="total",
    line=3,
    folder="src",
    imports=(("decimal", "Decimal"), ("shop.cart", "total")),
    target="total",
    arguments=(("", "[]"),),
)
TEN = Outcome(stage="done", value="10", type="int", literal=True)


def _text(habit: Habit, result: Outcome = TEN, *, settled: bool = True, call: Call = CALL) -> str:
    data = of_call(SEEN, call, result, settled=settled, habit=habit, path="tests/test_regression_total.py")
    inspect("tests/test_regression_total.py", None, data)
    return data.decode()


def test_a_settled_result_is_asserted() -> None:
    text = _text(Habit("tests", "pytest", finds_code=True))
    assert text.startswith('"""total must not fail with the values that it failed with: KeyError: \'qty\'."""\n')
    assert "from decimal import Decimal\n\nfrom shop.cart import total\n" in text
    assert text.endswith("\n\n\ndef test_total_regression():\n    assert total([]) == 10\n")


@pytest.mark.parametrize(
    "result", [Outcome(stage="done", value="None", literal=True), Outcome(stage="done", value="<A>"), Outcome(stage="done", value="1" * 400, literal=True)]
)
def test_what_cannot_be_asserted_is_only_called(result: Outcome) -> None:
    assert "    total([])  # must not raise\n" in _text(Habit("tests", "pytest", finds_code=True), result)


def test_a_result_that_changes_is_not_asserted() -> None:
    assert "== 10" not in _text(Habit("tests", "pytest", finds_code=True), settled=False)


def test_cases_and_a_path_of_their_own() -> None:
    text = _text(Habit("tests", "unittest", finds_code=False))
    assert "sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'src'))" in text
    assert text.index("sys.path.insert") < text.index("from shop.cart")
    assert "class TotalRegression(unittest.TestCase):" in text
    assert "self.assertEqual(total([]), 10)" in text


def test_a_coroutine_is_run() -> None:
    call = Call(file="a.py", function="total", line=1, folder="", imports=(("a", "total"),), target="total", is_async=True)
    assert "assert asyncio.run(total()) == 10" in _text(Habit("tests", "pytest", finds_code=True), call=call)


@pytest.mark.parametrize("style", ["pytest", "unittest"])
def test_a_script_is_run_from_the_root(style: str) -> None:
    habit = Habit("tests/unit", style, finds_code=True)  # type: ignore[arg-type]
    text = of_script(SEEN, ("main.py", "it's"), habit=habit, path="tests/unit/test_regression_main.py", seconds=30).decode()
    assert "ROOT = Path(__file__).resolve().parents[2]" in text
    assert "command = [sys.executable, 'main.py', \"it's\"]\n" in text
    assert "done.returncode" in text


def test_a_script_that_prints_much_or_no_text_and_reads_its_input_is_run_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "main.py").write_text("import sys\nsys.stdin.read()\nsys.stdout.buffer.write(b'\\xff' * 100_000_000)\nsys.stderr.buffer.write(b'\\xff')\n")
    path = "tests/test_regression_main.py"
    (tmp_path / path).write_bytes(of_script(SEEN, ("main.py",), habit=Habit("tests", "unittest", finds_code=True), path=path, seconds=30))
    done = subprocess.run([sys.executable, "-B", path], cwd=tmp_path, capture_output=True, stdin=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("message", ['"""\nimport os\n"""', "a\\", "\u202e\x1b[2J", 'x"', "\\N{DASH}", "\\x"])
def test_a_hostile_message_stays_in_the_docstring(message: str) -> None:
    seen = failure(frame(ROOT, "a.py", 1, "total"), message=message)
    data = of_call(seen, CALL, TEN, settled=True, habit=Habit("tests", "pytest", finds_code=True), path="tests/test_regression_total.py")
    inspect("tests/test_regression_total.py", None, data)
    body = ast.parse(data).body
    assert [type(item).__name__ for item in body] == ["Expr", "ImportFrom", "ImportFrom", "FunctionDef"]
