"""How commands begin and end: at once, with one sentence, never with a traceback."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from nexoide import __version__
from tests.unit.cli.conftest import HOSTILE, Plane, Result

Run = Callable[..., Result]
REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "nexoide.cli"]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color"}


def test_version(nexoide: Run) -> None:
    assert nexoide("--version").out == f"nexoide {__version__}\n"


def test_help_lists_every_command(nexoide: Run) -> None:
    result = nexoide("--help")
    assert result.code == 0
    for command in ("demo", "init", "up", "down", "attach", "run", "status", "incidents", "patches", "targets", "journal", "audit", "doctor"):
        assert f"\n  {command} " in result.out


def test_nonsense_is_exit_code_2(nexoide: Run) -> None:
    for arguments in (["bogus"], ["status", "--bogus"], ["patches", "approve"], ["journal", "show", "zero"]):
        result = nexoide(*arguments)
        assert result.code == 2
        assert "Traceback" not in result.err


def test_the_screen_needs_a_terminal(nexoide: Run, tmp_path: Path) -> None:
    for arguments in ([], ["-w", tmp_path], [f"--workspace={tmp_path}"], ["demo"]):
        result = nexoide(*arguments)
        assert result.code == 2
        assert "terminal" in result.err


def test_what_opens_the_screen_imports_no_command_line_library() -> None:
    program = "import sys; from nexoide.cli.main import main; main([]); print(sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stdout.replace("'", '"')))
    assert not imported & {"typer", "click", "pydantic", "httpx", "fastapi", "git", "libcst"}


def test_ctrl_c_is_exit_code_130(plane: Plane) -> None:
    process = subprocess.Popen(
        [*COMMAND, "journal", "tail", "-f", *plane.option], env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert "notice" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_a_reader_that_went_away_is_no_error(plane: Plane) -> None:
    read, write = os.pipe()
    os.close(read)
    for arguments in (["journal", "tail"], ["status", "--json"], ["journal", "tail", "-f"], ["init", "--print"], ["--version"]):
        option = plane.option if arguments[0] != "--version" else []
        done = subprocess.run([*COMMAND, *arguments, *option], env=_environment(), stdout=write, stderr=subprocess.PIPE, timeout=20, check=False)
        assert (done.stderr, done.returncode) == (b"", 1), arguments
    os.close(write)


def _in_a_terminal(arguments: list[str], typed: bytes, until: bytes) -> tuple[int, bytes]:
    """Run a command on a pseudo-terminal, type once `until` was printed; return its exit code and all that it printed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [*COMMAND, *arguments], _environment())
    seen, answered = b"", False
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
        if not answered and until in seen:
            os.write(terminal, typed)
            answered = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen


def test_an_approval_shows_the_diff_and_decides_about_what_it_showed(plane: Plane) -> None:
    plane.supervisor.decided.clear()
    digest = plane.supervisor.state.patches["P-1"].digest
    code, seen = _in_a_terminal(["patches", "approve", "P-1", *plane.option], b"y\n", b"[y/N]")
    assert code == 0, seen
    assert digest.encode() in seen
    assert b"+        return 0" in seen
    assert HOSTILE.encode() not in seen
    assert b"\x1b]52" not in seen
    assert plane.supervisor.decided["P-1"][1].digest == digest
    plane.supervisor.decided.clear()


def test_anything_but_yes_decides_nothing(plane: Plane) -> None:
    code, seen = _in_a_terminal(["patches", "approve", "P-1", *plane.option], b"\n", b"[y/N]")
    assert code == 4, seen
    assert plane.supervisor.decided == {}


def test_a_table_on_a_terminal_is_drawn(plane: Plane) -> None:
    code, seen = _in_a_terminal(["patches", "list", *plane.option], b"", b"never printed")
    assert code == 0
    assert "─".encode() in seen
    assert b"P-1" in seen
