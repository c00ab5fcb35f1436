"""Patterns find what they say, within bounds, and nothing outside of what they name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nexoide.errors import UsageError
from nexoide.incidents.files import patterns
from nexoide.incidents.files.patterns import Found, Pattern


def found(root: Path, text: str) -> Found:
    seen = Found()
    for _ in Pattern(text, str(root)).look(seen):
        pass
    return seen


def names(root: Path, text: str) -> list[str]:
    return sorted(os.path.relpath(path, root) for path in found(root, text).files)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path in (
        "logs/a.log",
        "logs/b.txt",
        "logs/deep/c.log",
        "logs/deep/er/d.log",
        "logs/.hidden.log",
        "logs/.git/e.log",
        "logs/x.py",
        "logs/data.sqlite",
        "app.log",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("text\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app.log", ["app.log"]),
        ("./app.log", ["app.log"]),
        ("logs/*.log", ["logs/a.log"]),
        ("logs/*", ["logs/a.log", "logs/b.txt", "logs/data.sqlite", "logs/x.py"]),
        ("logs", ["logs/a.log", "logs/b.txt", "logs/deep/c.log", "logs/deep/er/d.log"]),
        ("logs/", ["logs/a.log", "logs/b.txt", "logs/deep/c.log", "logs/deep/er/d.log"]),
        ("**/*.log", ["app.log", "logs/a.log", "logs/deep/c.log", "logs/deep/er/d.log"]),
        ("logs/**/*.log", ["logs/a.log", "logs/deep/c.log", "logs/deep/er/d.log"]),
        ("logs/**/er/*.log", ["logs/deep/er/d.log"]),
        ("*/deep/?.log", ["logs/deep/c.log"]),
        ("logs/[ab].*", ["logs/a.log", "logs/b.txt"]),
        ("logs/.*.log", ["logs/.hidden.log"]),
        ("nothing/*.log", []),
        ("nothing.log", []),
    ],
)
def test_what_is_found(tree: Path, text: str, expected: list[str]):
    assert names(tree, text) == expected
    assert names(tree, f"{tree}/{text}") == expected


def test_what_is_not_there_yet_is_waited_for_in_the_nearest_folder(tree: Path):
    assert list(found(tree, "new/er/*.log").waiting) == [str(tree)]
    assert list(found(tree, "logs/new/*.log").waiting) == [str(tree / "logs")]


@pytest.mark.parametrize("text", ["", "a" * 1001, "a\0b", "/".join(["**"] * 5)])
def test_what_is_no_pattern(tmp_path: Path, text: str):
    with pytest.raises(UsageError, match="is no pattern for logs"):
        Pattern(text, str(tmp_path))


def test_there_are_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patterns, "MAX_FOLDERS", 10)
    monkeypatch.setattr(patterns, "MAX_FILES", 15)
    for number in range(20):
        (tmp_path / f"{number}").mkdir()
    assert "more than 10 folders" in found(tmp_path, "**/*.log").left_out
    for number in range(20):
        (tmp_path / f"{number}.log").touch()
    assert "more than 15 files" in found(tmp_path, "*.log").left_out


def test_loops_of_folders_end(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "x.log").touch()
    assert names(tmp_path, "**/*.log") == ["a/x.log"]


def test_a_relative_pattern_stays_within_its_root_and_others_within_their_folder(tmp_path: Path):
    (tmp_path / "work" / "logs").mkdir(parents=True)
    assert Pattern("logs/*.log", str(tmp_path / "work")).allowed == (str(tmp_path / "work"),)
    assert Pattern("../other/*.log", str(tmp_path / "work")).allowed == (str(tmp_path / "other"),)
    assert Pattern(str(tmp_path / "work" / "logs"), "/").allowed == (str(tmp_path / "work" / "logs"),)
    assert Pattern(str(tmp_path / "work" / "app.log"), "/").allowed == (str(tmp_path / "work"),)
