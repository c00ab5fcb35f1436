"""The budgets of the house: files, functions and classes that fit a head, and the few places that may catch everything."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "nexoide"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "shop" not in path.relative_to(PACKAGE).parts)
BOUNDARIES = {
    "supervisor/boundary.py",  # the root of background tasks
    "reload/guard.py",  # a consumer's mistake must not end a watcher's thread
    "repair/rules/__init__.py",  # another package's rule must not keep ours from working
    "sandbox/inside/nexoide_guard.py",  # code on trial ends with whatever it likes, and that is said
    "probe/guard.py",  # the root of everything the probe does in somebody else's program
    "probe/replayed.py",  # a forked copy makes the program's failed call again, and ends with it
    "probe/bootstrap/sitecustomize.py",  # a probe that does not come up leaves the program alone
    "probe/reload/transaction.py",  # whatever the program's own new code raises refuses the reload
    "probe/reload/commit.py",  # whatever happens in the middle of a commit is undone, then raised again
}


def functions() -> Iterator[tuple[str, int]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(PACKAGE)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_files_are_small() -> None:
    sizes = {str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in FILES}
    assert {name: size for name, size in sizes.items() if size > 500} == {}
    assert statistics.median(sizes.values()) <= 150


def test_functions_fit_a_screen() -> None:
    lengths = dict(functions())
    assert {name: length for name, length in lengths.items() if length > 80} == {}
    assert sorted(lengths.values())[int(len(lengths) * 0.95)] <= 40


def test_classes_stay_small() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: length for name, length in found.items() if length > 250} == {}


def test_only_the_named_boundaries_catch_everything() -> None:
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            broad = isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
            if broad and not _raises_again(node):
                found.add(str(path.relative_to(PACKAGE)))
    assert found <= BOUNDARIES


def _raises_again(handler: ast.AST) -> bool:
    return isinstance(handler, ast.ExceptHandler) and isinstance(handler.body[-1], ast.Raise)


def test_only_one_file_calls_fsync() -> None:
    calls = {str(path.relative_to(PACKAGE)) for path in FILES if "os.fsync(" in path.read_text() or "os.fdatasync(" in path.read_text()}
    assert calls == {"journal/storage.py"}
