from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nexoide.errors import UnavailableError
from nexoide.sandbox import interpreter
from nexoide.sandbox.interpreter import describe, link_chain


async def test_it_says_where_its_library_is() -> None:
    found = await describe(sys.executable)
    assert found.version == sys.version_info[:3]
    assert {found.prefix, found.base_prefix} == {Path(sys.prefix), Path(sys.base_prefix)}
    assert Path(json_file()).parent.parent in found.roots
    assert found.has_pytest


def json_file() -> str:
    import json

    return json.__file__


async def test_it_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    await describe(sys.executable)

    async def never(executable: Path) -> dict[str, object]:
        raise AssertionError(executable)

    monkeypatch.setattr(interpreter, "_ask", never)
    await describe(sys.executable)


async def test_a_missing_interpreter_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="is not there"):
        await describe(str(tmp_path / "python"))


@pytest.mark.parametrize("says", ["exit 1", "echo '[]'", "echo '{}'", "echo no", "head -c 1000000 /dev/zero"])
async def test_something_that_is_no_interpreter_is_unavailable(tmp_path: Path, says: str) -> None:
    (tmp_path / "python").write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(UnavailableError, match="working Python"):
        await describe(str(tmp_path / "python"))


def test_every_link_on_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("", encoding="utf-8")
    (tmp_path / "middle").symlink_to("real")
    (tmp_path / "first").symlink_to(tmp_path / "middle")
    assert link_chain(tmp_path / "first") == (tmp_path / "first", tmp_path / "middle", tmp_path / "real")


def test_a_circle_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert len(link_chain(tmp_path / "a")) == 40
