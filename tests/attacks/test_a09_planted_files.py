"""A09: bytecode and packages planted next to the program's files do not run in a reload."""

from __future__ import annotations

import py_compile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.probe import peer
from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_statements import running

FOUND = peer.interpreters()
VERSIONS = ["3.9", "3.11", "3.12", "3.13"]
MISSING = {version: pytest.mark.skip(reason=f"Python {version} is not installed here") for version in VERSIONS if version not in FOUND}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A workspace with a supervisor's end of the wire."""
    yield from peer.bench(tmp_path)


@pytest.mark.parametrize("version", [pytest.param(version, marks=MISSING.get(version, ())) for version in VERSIONS])
def test_the_approved_text_runs(version: str) -> None:
    running.run(FOUND[version], "a09_cases", Path(__file__).resolve().parent)


@pytest.mark.parametrize("mode", [py_compile.PycInvalidationMode.UNCHECKED_HASH, py_compile.PycInvalidationMode.TIMESTAMP])
def test_a_module_that_a_reload_imports_for_the_first_time_is_no_bytecode(bench: Bench, mode: py_compile.PycInvalidationMode) -> None:
    """The supervisor starts programs with a bytecode folder of its own; what is planted beside the sources is not looked at."""
    text = "def f():\n    return 1\n"
    path = bench.write("app.py", text)
    helper = bench.write("helper.py", "def who():\n    return 'disk'\n")
    evil = bench.write("evil.py", "def who():\n    return 'evil'\n")
    cache = bench.folder / "__pycache__" / "helper.cpython-311.pyc"
    py_compile.compile(str(evil), cfile=str(cache), dfile=str(helper), invalidation_mode=mode)
    program = bench.serve("import app")
    program.ask("app.f()")

    reply = bench.peer.reload((path, text, "import helper\n" + text.replace("1", "helper.who()")))

    assert reply["ok"], reply["error"]
    assert program.ask("app.f()") == "disk"
