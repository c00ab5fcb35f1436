"""Diffs that git and patch really take: new files, no newline at the end, CRLF, and names that need quoting."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nexoide.heal.diffs import diff

CASES: dict[str, dict[str, tuple[bytes | None, bytes]]] = {
    "changed": {"app.py": (b"a\nb\nc\n", b"a\nB\nc\n")},
    "new": {"tests/test_new.py": (None, b"def test():\n    pass\n")},
    "new of one line": {"one.py": (None, b"x = 1\n")},
    "new without a newline": {"one.py": (None, b"x = 1")},
    "new and empty": {"tests/__init__.py": (None, b"")},
    "no newline before": {"app.py": (b"a\nb", b"a\nb\n")},
    "no newline after": {"app.py": (b"a\nb\n", b"a\nc")},
    "no newline at all": {"app.py": (b"a\nb", b"a\nc")},
    "carriage returns": {"app.py": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n")},
    "new with carriage returns": {"app.py": (None, b"a\r\nb\r\n")},
    "spaces in the name": {"my app/the file.py": (b"a\n", b"b\n"), "my app/new file.py": (None, b"b\n")},
    "quotes in the name": {'a"b\\c.py': (b"a\n", b"b\n")},
    "other letters": {"pfad/größe.py": (b"gr\xc3\xb6\xc3\x9fe = 1\n", b"gr\xc3\xb6\xc3\x9fe = 2\n")},
    "other line ends in the text": {"app.py": ("a = '\u2028'\nb\n".encode(), "a = '\u2028'\nc\n".encode())},
    "several": {"b.py": (b"1\n", b"2\n"), "a.py": (b"1\n", b"2\n"), "tests/test_c.py": (None, b"3\n")},
}


def laid_out(root: Path, case: dict[str, tuple[bytes | None, bytes]]) -> Path:
    folder = root / "program"
    folder.mkdir()
    for name, (base, _) in case.items():
        if base is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(base)
    return folder


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("tool", ["git", "patch"])
def test_a_diff_is_taken_and_gives_the_very_bytes(name: str, tool: str, tmp_path: Path) -> None:
    case = CASES[name]
    if tool == "patch" and name == "new and empty":
        pytest.skip("patch makes no empty files")
    folder = laid_out(tmp_path, case)
    words = ["git", "apply", "--whitespace=nowarn", "-"] if tool == "git" else ["patch", "-p1", "--binary", "--silent"]
    done = subprocess.run(words, cwd=folder, input=diff(case).encode(), capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    assert {path: (folder / path).read_bytes() for path in case} == {path: new for path, (_, new) in case.items()}


def test_a_diff_applies_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    folder = laid_out(tmp_path, CASES["several"])
    done = subprocess.run(["git", "apply", "-"], cwd=folder, input=diff(CASES["several"]).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (folder / "tests" / "test_c.py").read_bytes() == b"3\n"


def test_nothing_changed_is_nothing() -> None:
    assert diff({"a.py": (b"a\n", b"a\n")}) == ""
