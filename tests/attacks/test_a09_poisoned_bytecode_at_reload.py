"""A09: a reload runs the approved text, never a bytecode file or what lies on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.probe.peer import Bench
from tests.unit.probe.peer import bench as benches


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A workspace with a supervisor's end of the wire."""
    yield from benches(tmp_path)


def test_a_poisoned_bytecode_file_is_never_read(bench: Bench) -> None:
    import py_compile

    text = "def f():\n    return 1\n"
    path = bench.write("victim.py", text)
    program = bench.serve("import victim")
    program.ask("victim.f()")
    new = text.replace("1", "2")
    poison = bench.write("poison.py", "def f():\n    return 'POISON'\n")
    py_compile.compile(
        str(poison), cfile=str(bench.folder / "__pycache__" / "victim.cpython-311.pyc"), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    path.write_text("def f():\n    return 'DISK'\n")

    assert bench.peer.reload((path, text, new))["state"] == "committed"
    assert program.ask("victim.f()") == 2
