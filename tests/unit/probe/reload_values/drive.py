"""Runs a small program of several modules on any interpreter, reloads some of its files, and evaluates what is asked before and after."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
DRIVER = """\
import json, sys, os
folder, steps = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)
names = {"__name__": "__main__", "__builtins__": __builtins__, "folder": folder, "sys": sys}
sys.path.insert(1, os.environ["DRIVE_ROOT"])
from nexoide.probe.reload.transaction import File, prepare
texts, said = {}, []
def apply(new, dry=False):
    files = []
    for name, text in new.items():
        path = os.path.join(folder, name)
        files.append(File(path, texts.get(name), text))
    one = prepare(files, lambda code: code, dry=dry)
    report = one.report if dry else one.commit()
    if not dry and report.state in ("committed", "already"):
        texts.update(new)
    return report.to_dict()
for kind, what in steps:
    if kind == "files":
        texts.update(what)
    elif kind == "run":
        exec(compile(what, "<setup>", "exec"), names)
    elif kind == "ask":
        said.append(repr(eval(what, names)))
    else:
        said.append(repr(apply(what, kind == "explain")))
print("\\x01" + json.dumps(said))
"""


class Drive:
    """Collects steps, and runs them all in one process: `ask` and `reload` return where their answer will be."""

    def __init__(self, folder: Path, python: str, files: dict[str, str]) -> None:
        self._folder, self._python = folder, python
        self._steps: list[tuple[str, Any]] = [("files", files)]
        self._now = dict(files)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, text: str) -> None:
        """Execute statements in the program."""
        self._steps.append(("run", text))

    def ask(self, expression: str) -> None:
        """Evaluate an expression in the program."""
        self._steps.append(("ask", expression))

    def reload(self, *, explain: bool = False, **new: str) -> None:
        """Reload files, named without their suffix, `__` for the slash, to new texts."""
        files = {f"{name.replace('__', '/')}.py": text for name, text in new.items()}
        self._steps.append(("explain" if explain else "reload", files))
        self._now.update(files)

    def change(self, old: str, new: str, *names: str, explain: bool = False) -> None:
        """Reload the files that contain `old` (or those that are named) with that replaced by `new`."""
        files = {name: text.replace(old, new) for name, text in self._now.items() if old in text and (not names or name in names)}
        assert files, old
        self._steps.append(("explain" if explain else "reload", files))
        if not explain:
            self._now.update(files)

    def answers(self) -> list[Any]:
        """Run everything and return the answers in order."""
        import json

        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NEXOIDE", "COV"))}
        environment.update(NEXOIDE_PROBE_ROOT=str(self._folder), DRIVE_ROOT=str(ROOT), PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(
            [self._python or sys.executable, "-c", DRIVER, str(self._folder), json.dumps(self._steps)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "\x01" in done.stdout, done.stderr[-3000:]
        return [_value(text) for text in json.loads(done.stdout.rpartition("\x01")[2])]


def _value(text: str) -> Any:
    try:
        return eval(text)
    except (SyntaxError, NameError):
        return text


def actions(report: dict[str, Any]) -> dict[str, str]:
    """Return what a report says was done, by the full name of each definition."""
    assert report["ok"], report["error"]
    return {f"{item['module']}.{item['name']}": item["action"] for item in report["definitions"]}
