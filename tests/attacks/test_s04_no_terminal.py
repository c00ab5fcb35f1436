"""S4: nothing inside reaches the operator's terminal: no descriptor of it, no /dev/tty, no injected key strokes."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.unit.sandbox.helpers import REPOSITORY, both

RUNNER = """
import asyncio, fcntl, sys, termios
from pathlib import Path
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from tests.unit.sandbox.helpers import confined
inside = '''
import fcntl, os, termios
for number in range(64):
    try:
        for letter in b"rm -rf\\\\n":
            fcntl.ioctl(number, termios.TIOCSTI, bytes([letter]))
        print("injected into", number)
    except OSError:
        pass
try:
    os.open("/dev/tty", os.O_RDWR)
    print("opened the terminal")
except OSError:
    print("no terminal")
print([number for number in range(64) if os.isatty(number)])
'''
ended = asyncio.run(confined(sys.argv[1], Path(sys.argv[2]), inside))
Path(sys.argv[2], "answer").write_text(ended.output)
"""


@both
async def test_s04_the_terminal_is_out_of_reach(tmp_path: Path, kind: str) -> None:
    ours, theirs = pty.openpty()
    runner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUNNER,
        kind,
        str(tmp_path),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
    )
    assert await runner.wait() == 0
    assert (tmp_path / "answer").read_text(encoding="utf-8").split("\n")[:2] == ["no terminal", "[]"]
    os.set_blocking(theirs, False)
    try:
        typed = os.read(theirs, 100)
    except BlockingIOError:
        typed = b""
    assert typed == b""
    os.close(ours)
    os.close(theirs)
