"""Failures that only the sandbox causes are told apart from the program's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.heal.confined import caused, without_input, without_network
from tests.unit.heal.made import failure


def test_a_file_that_is_there_outside_is_hidden_by_the_sandbox(tmp_path: Path) -> None:
    root, other = tmp_path / "shop", tmp_path / "rates.csv"
    root.mkdir()
    other.write_text("x")
    hidden = failure("FileNotFoundError", f"[Errno 2] No such file or directory: '{other}'")
    assert "confined" in caused(hidden, root)
    missing = failure("FileNotFoundError", f"[Errno 2] No such file or directory: '{tmp_path / 'none.csv'}'")
    assert caused(missing, root) == ""
    (root / "own.csv").write_text("x")
    own = failure("PermissionError", f"[Errno 13] Permission denied: '{root / 'own.csv'}'")
    assert caused(own, root) == ""
    assert caused(failure("FileNotFoundError", "[Errno 2] No such file or directory: 'rates.csv'"), root) == ""


def test_what_the_copy_leaves_out_is_the_sandboxes_doing(tmp_path: Path) -> None:
    root = (tmp_path / "shop").resolve()
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("x")
    (tmp_path / "shared.py").write_text("x = 1\n")
    (tmp_path / "rates.csv").write_text("x")
    (root / "shared.py").symlink_to(tmp_path / "shared.py")
    (root / "data").symlink_to(tmp_path)
    (root / "own.py").write_text("")
    assert "shared.py is a link that leads out" in caused(failure("ModuleNotFoundError", "No module named 'shared'"), root)
    assert "data is a link that leads out" in caused(failure("FileNotFoundError", "[Errno 2] No such file or directory: 'data/rates.csv'"), root)
    assert ".git is left out" in caused(failure("FileNotFoundError", "[Errno 2] No such file or directory: '.git/HEAD'"), root)
    assert "confined" in caused(failure("FileNotFoundError", "[Errno 2] No such file or directory: '../rates.csv'"), root)
    for kind, message in (
        ("ModuleNotFoundError", "No module named 'own'"),
        ("ModuleNotFoundError", "No module named 'none'"),
        ("FileNotFoundError", "'own.py'"),
    ):
        assert caused(failure(kind, message), root) == ""


def test_a_command_that_wants_input_is_told_how_to_give_it() -> None:
    wants = failure("EOFError", "EOF when reading a line")
    assert "printf 'yes\\n' | python app.py" in without_input(wants, "python app.py")
    assert without_input(wants, "python app.py < names.txt") == ""
    assert without_input(failure("EOFError", "Ran out of input"), "python app.py") == ""


def test_unix_sockets_are_the_sandboxes_doing(tmp_path: Path) -> None:
    denied = failure("PermissionError", "[Errno 13] Permission denied", ("/srv/a.py", 1, "f"), ("/usr/lib/python3.11/socket.py", 232, "__init__"))
    assert "Unix socket" in caused(denied, tmp_path)
    own = failure("PermissionError", "[Errno 13] Permission denied", ("/srv/a.py", 1, "f"))
    assert caused(own, tmp_path) == ""


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("gaierror", "[Errno -3] Temporary failure in name resolution", True),
        ("OSError", "[Errno 101] Network is unreachable", True),
        ("ConnectionRefusedError", "[Errno 111] Connection refused", False),
        ("KeyError", "'network'", False),
    ],
)
def test_failures_of_the_network_are_known(kind: str, message: str, expected: bool) -> None:
    assert without_network(failure(kind, message)) is expected
