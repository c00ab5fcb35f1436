"""What is printed is harmless, aligned, and one document."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from nexoide.cli.describe import _TEXTS
from nexoide.cli.difference import patch_diff
from nexoide.cli.output import emit, emit_fields, emit_json, emit_table
from nexoide.model.event import KINDS, Body
from nexoide.model.patch import FileChange, Patch


def test_json_is_plain_ascii_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "\x1b[2J\x9b31m\x7f\u202e\u2028é"
    emit_json({"text": hostile})
    printed = capsys.readouterr().out
    assert all(character == "\n" or " " <= character <= "~" for character in printed)
    assert json.loads(printed) == {"text": hostile}


def test_a_line_stays_one_line_without_controls(capsys: pytest.CaptureFixture[str]) -> None:
    emit("a\nb\x1b[2J\tc")
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert "\x1b" not in printed
    assert "\t" not in printed


def test_tables_align_wide_characters_too(capsys: pytest.CaptureFixture[str]) -> None:
    emit_table(("A", "B"), [("日本", "1"), ("[red]x[/red]", "2")], "nothing")
    heading, wide, markup = capsys.readouterr().out.splitlines()
    assert heading == "A             B"
    assert wide == "日本          1"
    assert markup == "[red]x[/red]  2"


def test_empty_tables_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    emit_table(("A",), [], "No patches.")
    assert capsys.readouterr().out == "No patches.\n"


def test_fields_without_a_value_are_left_away(capsys: pytest.CaptureFixture[str]) -> None:
    emit_fields([("state", "open"), ("returned", ""), ("at", "1")])
    assert capsys.readouterr().out == "state  open\nat     1\n"


def test_every_kind_of_event_has_a_line() -> None:
    assert set(_TEXTS) == set(KINDS.values()) == set(get_args(Body))


@dataclass(frozen=True)
class _Store:
    blobs: dict[str, bytes]

    def read(self, sha256: str) -> bytes:
        return self.blobs[sha256]


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"x = 1\xe2\x80\xa8y\rz\nlast\n", b"x = 2\xe2\x80\xa8y\rz\nlast\n"), (b"x\n", b"x"), (b"x", b"x\ny\n"), (b"a\n" * 30, b"b\n" + b"a\n" * 30)],
)
def test_a_diff_is_what_git_applies(tmp_path: Path, before: bytes, after: bytes) -> None:
    change = FileChange(path="a.py", base_sha256="b", new_sha256="n")
    patch = Patch(id="P", incident="I", target="t", title="", rationale="", rule="", author="", base_commit="", files=(change,), proposed_at=0)
    lines = patch_diff(patch, _Store({"b": before, "n": after}).read)
    (tmp_path / "a.py").write_bytes(before)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=("\n".join(lines) + "\n").encode(), check=True)
    assert (tmp_path / "a.py").read_bytes() == after


def test_no_change_no_lines() -> None:
    change = FileChange(path="a.py", base_sha256="b", new_sha256="n")
    patch = Patch(id="P", incident="I", target="t", title="", rationale="", rule="", author="", base_commit="", files=(change,), proposed_at=0)
    assert patch_diff(patch, _Store({"b": b"\xff\n", "n": b"\xff\n"}).read) == []
