"""The demo's history is told truly: every commit's service worked as far as it was told, and the last one has the defects."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.demo import history
from nexoide.demo.project import DEFECTS

_TRY = """
import json
from shop.app import Shop
shop = Shop()
def attempt(method, path, body):
    try:
        return shop.dispatch(method, path, body)[0]
    except Exception as error:
        return type(error).__name__
lines = [{"sku": "tea", "quantity": 1}]
attempt("POST", "/orders", {"customer": "ada", "lines": lines})
print(json.dumps({
    "cancel": attempt("POST", "/orders/1/cancel", {}),
    "quote": attempt("POST", "/quotes", {"customer": "ada", "lines": lines}),
    "summer": attempt("POST", "/orders", {"customer": "ada", "lines": lines, "coupon": "SUMMER"}),
    "question": attempt("POST", "/questions", {"customer": "ada", "question": "Is the mug nice?"}),
    "frequent": attempt("POST", "/questions", {"customer": "ada", "question": "Where is my order?"}),
}))
"""


def _attempts(folder: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-B", "-c", _TRY], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_each_defect_came_with_the_commit_that_tells_of_it(tmp_path: Path) -> None:
    seen: list[tuple[str, dict[str, object]]] = []
    for message, files in history.commits():
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
        seen.append((message.partition(":")[0], _attempts(tmp_path)))
    names = [name for name, _ in seen]
    assert names == ["Order service", "Support desk", "inventory", "pricing", "assistant", "pricing"]
    assert seen[0][1] == {"cancel": 200, "quote": 200, "summer": 201, "question": "NotFound", "frequent": "NotFound"}
    assert seen[1][1] == {"cancel": 200, "quote": 200, "summer": 201, "question": 200, "frequent": 200}
    assert seen[2][1]["cancel"] == "AttributeError"
    assert (seen[2][1]["quote"], seen[3][1]["quote"]) == (200, "TypeError")
    assert (seen[3][1]["frequent"], seen[4][1]["frequent"]) == (200, "AttributeError")
    assert (seen[4][1]["summer"], seen[5][1]["summer"]) == (201, "AttributeError")
    assert seen[5][1] == {"cancel": "AttributeError", "quote": "TypeError", "summer": "AttributeError", "question": 200, "frequent": "AttributeError"}


def test_the_last_commit_is_the_template() -> None:
    now: dict[str, bytes] = {}
    for _, files in history.commits():
        now.update(files)
    assert now == history.template_files()
    assert ".gitignore" in now
    assert "shop/orders.py" in now
    assert not [path for path in now if "__pycache__" in path]


def test_no_file_speaks_of_its_defect() -> None:
    for path, content in history.template_files().items():
        words = set(re.findall(r"[a-z]+", content.decode().lower()))
        assert not words & {"defect", "bug", "todo", "fixme", "planted", "broken", "demo"}, path


def test_a_step_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="is there 0 times"):
        history._undo(history.Step("x", changed=(("a.py", "not there", ""),)), {"a.py": b"something"})


def test_defects_are_in_files_of_the_service() -> None:
    assert set(DEFECTS) <= set(history.template_files())
