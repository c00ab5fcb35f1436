"""What is known of where a program runs: asked of its interpreter once, read off names, never a value."""

from __future__ import annotations

import sys
from pathlib import Path

from nexoide.model.codec import to_builtins
from nexoide.repair.surroundings import Surroundings, installed, surroundings


async def test_the_interpreter_says_its_version_and_packages() -> None:
    found = await surroundings(sys.executable, command=("python", "app.py"), variables={"B": "x", "A": "y"})
    assert found.python == ".".join(str(part) for part in sys.version_info[:3])
    assert found.version == sys.version_info[:2]
    assert found.has("pytest")
    assert found.has("Typing_Extensions")
    assert {"pytest", "libcst", "git"} <= set(found.modules)
    assert found.variables == ("A", "B")
    assert found.command == ("python", "app.py")


async def test_no_value_of_a_variable_is_in_it() -> None:
    found = await surroundings(sys.executable, variables={"SHOP_TOKEN": "s3cr3t-value"})
    assert "s3cr3t-value" not in str(to_builtins(found))
    assert (await surroundings(sys.executable)).variables is None


def test_distributions_and_import_names_are_read_off_a_folder(tmp_path: Path) -> None:
    for name in ("Some.Thing-1.2.3.dist-info", "old_one-0.9-py3.9.egg-info", "pkg", "__pycache__", "bin-x", "not-a-dist.dist-info"):
        (tmp_path / name).mkdir()
    (tmp_path / "Some.Thing-1.2.3.dist-info" / "top_level.txt").write_text("something\nthing_two\nbad-name\n")
    for name in ("single.py", "fast.cpython-311-x86_64-linux-gnu.so", "notes.txt", "x.pth"):
        (tmp_path / name).write_text("")
    packages, modules = installed(tmp_path)
    assert packages == {"some-thing": "1.2.3", "old-one": "0.9"}
    assert modules == {"something", "thing_two", "pkg", "single", "fast"}


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert installed(tmp_path / "none") == ({}, frozenset())


def test_unknown_is_empty() -> None:
    assert Surroundings().version == (0, 0)
    assert not Surroundings().has("pytest")
