"""Check that every case of the crash corpus is what it claims: it fails, its hidden check fails, and its fix mends both.

Run as `python -m tests.corpus.crash.verify [FOLDER…]`; without a folder, every case of both splits is checked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIMIT = 20.0


def run(words: list[str], folder: Path, given: str = "") -> tuple[int, str]:
    """Run a command in a folder and return its exit status and what it printed; 124 when it takes too long."""
    command = [sys.executable if word in {"python", "python3"} else word for word in words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        done = subprocess.run(command, cwd=folder, input=given.encode(), capture_output=True, timeout=LIMIT, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return 124, f"took more than {LIMIT} s"
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def in_copy(case: Path, words: list[str], given: str = "", *, fixed: bool) -> tuple[int, str]:
    """Run a command in a fresh copy of a case's program, with the fix laid over it where asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "program"
        shutil.copytree(case / "program", folder)
        if fixed:
            shutil.copytree(case / "fix", folder, dirs_exist_ok=True)
        return run(words, folder, given)


def faults_of(case: Path) -> list[str]:
    """Say everything that is not as the case's description claims; an empty list where all is well."""
    told: dict[str, Any] = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    command, given = told["command"], told.get("stdin", "")
    hidden = ["python", "-B", str(case / "hidden.py")]
    faults = []
    status, text = in_copy(case, command, given, fixed=False)
    if status in {0, 124}:
        faults.append(f"the program does not fail (status {status})")
    elif told["error"] != "SystemExit" and told["error"].rsplit(".", 1)[-1] not in text:
        faults.append(f"{told['error']} is not in the output: {text.strip()[-300:]}")
    if told["class"] != case.parent.name or told["expect"] not in {"patch", "none"}:
        faults.append("class or expect is wrong in case.toml")
    if told["expect"] == "none":
        return [*faults, *(f"{name} is there" for name in ("fix", "hidden.py") if (case / name).exists())]
    if not (case / "fix").is_dir() or not (case / "hidden.py").is_file():
        return [*faults, "fix or hidden.py is missing"]
    if in_copy(case, hidden, fixed=False)[0] == 0:
        faults.append("hidden.py passes on the failing program")
    checks = [command, hidden, *([told["tests"]] if "tests" in told else [])]
    for words in checks:
        status, text = in_copy(case, words, given, fixed=True)
        if status:
            faults.append(f"fixed, {' '.join(words[-3:])} still ends with {status}: {text.strip()[-600:]}")
    return faults


def main(folders: list[str]) -> int:
    """Check the cases under the given folders (all by default), print what is wrong, and return the exit status."""
    roots = [Path(folder).resolve() for folder in folders] or [HERE]
    cases = sorted({path.parent for root in roots for path in root.rglob("case.toml")})
    wrong = 0
    for case in cases:
        faults = faults_of(case)
        wrong += bool(faults)
        for fault in faults:
            print(f"{case.relative_to(HERE) if case.is_relative_to(HERE) else case}: {fault}")
    print(f"{len(cases)} cases, {wrong} wrong")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
