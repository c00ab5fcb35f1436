from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.validation.program import program_of
from tests.unit.repair.validation.builders import lay


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("python", "main.py", "x"), ("main.py", "x")),
        (("/usr/bin/python3.12", "-u", "-X", "dev", "./main.py"), ("main.py",)),
        (("python3", "-m", "shop.run", "-v"), ("-m", "shop.run", "-v")),
    ],
)
def test_what_python_runs_is_known(tmp_path: Path, command: tuple[str, ...], words: tuple[str, ...]) -> None:
    found = program_of(command, lay(tmp_path, {"main.py": ""}))
    assert found is not None
    assert found.after_python == words


@pytest.mark.parametrize(
    "command", [(), ("make",), ("python",), ("python", "-c", "x"), ("python", "gone.py"), ("python", "-m", "pytest"), ("python", "../main.py")]
)
def test_the_rest_is_not(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert program_of(command, lay(tmp_path / "in", {"main.py": ""})) is None
