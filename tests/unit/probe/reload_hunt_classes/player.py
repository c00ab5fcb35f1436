"""Plays one scenario in an interpreter of its own: files, an edit of them, what must hold before, after, and when it is taken back."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = """
import os, sys
sys.path[:0] = [{home!r}, {folder!r}]
from nexoide.probe import Reloader
space = {{}}
reloader = Reloader([{folder!r}])
exec({before!r}, space)
exec({old!r}, space)
for path, text in {edit!r}.items():
    with open(os.path.join({folder!r}, path), "w") as file:
        file.write(text)
report = space["report"] = reloader.sync()
if {fails!r}:
    assert report.state == "refused" and {fails!r} in report.error, (report.state, report.error)
    exec({old!r}, space)
else:
    assert report.state == "committed", (report.state, report.error)
    exec({new!r}, space)
    back = reloader.revert(report.generation)
    assert back.ok, back.error
    exec({old!r}, space)
    assert reloader.sync().ok
    exec({new!r}, space)
"""


def play(python: str, folder: Path, files: dict[str, str], edit: dict[str, str], before: str, new: str, old: str, fails: str = "") -> None:
    """Run a scenario: `old` must hold before the edit and after its revert, `new` after it and when it is done again.

    With `fails`, words of the refusal, the edit must be refused and `old` hold all the same.
    """
    home, program = folder / "home", folder / "program"
    home.mkdir()
    (home / "nexoide").symlink_to(ROOT / "nexoide")
    program.mkdir()
    for name, text in files.items():
        (program / name).write_text(dedent(text))
    texts = {name: dedent(text) for name, text in edit.items()}
    script = SCRIPT.format(home=str(home), folder=str(program), edit=texts, fails=fails, before=dedent(before), new=dedent(new), old=dedent(old))
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
