"""The differences are right: applied by git they give the new text, and they come in bounded time."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexoide.model import diff

LINES = st.lists(st.sampled_from(["a", "b", "", "  x", "def f():", "r\r", "y\x0cz", "\u2028", "é"]), max_size=12)


def text(lines: list[str], ends: bool) -> str:
    return "\n".join(lines) + ("\n" if ends and lines else "")


def rebuilt(base: str, found: tuple[diff.Hunk, ...]) -> str:
    """Apply hunks by hand: what a reader of the screen believes will happen."""
    old = diff._split(base)
    out: list[str] = []
    at = 0
    for hunk in found:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        out += old[at:start]
        out += [line.text + ("\n" if line.newline else "") for line in hunk.lines if line.kind != "-"]
        gone = [line.text + ("\n" if line.newline else "") for line in hunk.lines if line.kind != "+"]
        assert gone == old[start : start + hunk.old_count]
        at = start + hunk.old_count
    return "".join(out + old[at:])


@given(LINES, st.booleans(), LINES, st.booleans(), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_hunks_rebuild_the_new_text(old: list[str], old_ends: bool, new: list[str], new_ends: bool, context: int) -> None:
    base, after = text(old, old_ends), text(new, new_ends)
    found = diff.hunks(base, after, context)
    assert rebuilt(base, found) == after
    assert bool(found) == (base != after)
    for hunk in found:
        assert hunk.new_count == sum(line.kind != "-" for line in hunk.lines)
        shown = [line for row in diff.split_rows(hunk) for line in dict.fromkeys(row) if line is not None]
        assert sorted(shown, key=repr) == sorted(hunk.lines, key=repr)
        for line in hunk.lines:
            assert all(0 <= first < last <= len(line.text) for first, last in line.spans)


GIT_CASES = [
    ("a\nb\nc\n", "a\nB\nc\n"),
    ("a\nb\nc", "a\nb\nc\n"),
    ("a\nb\nc\n", "a\nb\nC"),
    ("a\nb", "a\nB"),
    ("", "one\ntwo\n"),
    ("one\ntwo\n", ""),
    ("x\r\ny\r\n", "x\r\nz\r\n"),
    ("".join(f"{n}\n" for n in range(60)), "".join(f"{n * 2 if n in {3, 30, 59} else n}\n" for n in range(60))),
    ("f\x0cg\u2028h\n", "f\x0cG\u2028h\n"),
]


@pytest.mark.parametrize(("base", "new"), GIT_CASES)
@pytest.mark.parametrize("name", ["shop.py", "with space.py", 'quo"te\\.py', "é.py"])
def test_git_applies_the_unified_patch(tmp_path: Path, base: str, new: str, name: str) -> None:
    (tmp_path / name).write_bytes(base.encode())
    patch = diff.unified(name, base, new)
    nowhere = str(tmp_path.parent)
    environment = {"PATH": os.environ["PATH"], "HOME": nowhere, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": nowhere}
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    done = subprocess.run(command, input=patch.encode(), cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, (done.stderr, patch)
    assert (tmp_path / name).exists() is bool(new) or (tmp_path / name).read_bytes() == b""
    if new:
        assert (tmp_path / name).read_bytes() == new.encode()


def test_changed_words_are_marked() -> None:
    (hunk,) = diff.hunks("    return reply.content.strip()\n", "    return reply.text.strip()\n")
    gone, came = hunk.lines
    assert [gone.text[a:b] for a, b in gone.spans] == ["content"]
    assert [came.text[a:b] for a, b in came.spans] == ["text"]


def test_lines_with_nothing_in_common_carry_no_marks() -> None:
    (hunk,) = diff.hunks("alpha\n", "+-*/ 12 34 56\n")
    assert all(line.spans == () for line in hunk.lines)


def test_the_section_names_the_definition() -> None:
    body = "class A:\n    def pay(self):\n" + "".join(f"        x{n} = {n}\n" for n in range(12))
    (hunk,) = diff.hunks(body, body.replace("x11 = 11", "x11 = 12"))
    assert hunk.section == "def pay(self):"
    assert "@@ def pay(self):" in diff.unified("a.py", body, body.replace("x11 = 11", "x11 = 12"))


def test_only_the_line_feed_separates_lines() -> None:
    (hunk,) = diff.hunks("a\x0cb\x85c\u2028d\n", "a\x0cb\x85c\u2028D\n")
    assert len(hunk.lines) == 2


def test_counts() -> None:
    assert diff.counts(diff.hunks("a\nb\n", "a\nc\nd\n")) == (2, 1)


def hostile(kind: str) -> tuple[str, str]:
    chance = random.Random(7)
    if kind == "alike":
        return "x\n" * 20_000, "x\n" * 10_000 + "y\n" + "x\n" * 9_000
    if kind == "few":
        return "".join(chance.choice("ab\n") + "\n" for _ in range(20_000)), "".join(chance.choice("ab\n") + "\n" for _ in range(20_000))
    lines = [f"line {n}" for n in range(20_000)]
    shuffled = lines[:]
    chance.shuffle(shuffled)
    return "\n".join(lines), "\n".join(shuffled)


@pytest.mark.parametrize("kind", ["alike", "few", "shuffled"])
def test_time_is_bounded_for_texts_made_to_be_slow(kind: str) -> None:
    base, new = hostile(kind)
    start = time.process_time()
    found = diff.hunks(base, new)
    assert time.process_time() - start < 3.0
    assert rebuilt(base, found) == new


def test_one_edit_in_a_big_file_is_quick() -> None:
    lines = [f"value_{n % 50} = {n % 7}" for n in range(20_000)]
    edited = lines[:]
    for at in range(0, 20_000, 400):
        edited[at] = "changed = True"
    start = time.process_time()
    found = diff.hunks("\n".join(lines), "\n".join(edited))
    assert time.process_time() - start < 3.0
    assert rebuilt("\n".join(lines), found) == "\n".join(edited)
    assert diff.counts(found) == (50, 50)
