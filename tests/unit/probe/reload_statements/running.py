"""Runs the cases of a file on another interpreter: each is a function without arguments that asserts, in a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
LIMIT_S = 100
RUN = """
import os, sys, traceback
sys.path[:0] = {paths!r}
import {module} as module
failed = []
for name, case in list(vars(module).items()):
    if getattr(case, "__module__", "") != module.__name__ or name.startswith("_") or not name[0].islower():
        continue
    child = os.fork()
    if not child:
        try:
            case()
            sys.stdout.flush()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    if os.waitpid(child, 0)[1]:
        failed.append(name)
    else:
        passed = globals().setdefault("passed", [])
        passed.append(name)
print("FAILED", failed, "PASSED", len(globals().get("passed", [])))
sys.exit(bool(failed))
"""


def run(python: str, module: str, folder: Path = HERE) -> None:
    """Run all cases of a file; what those that failed raised is shown."""
    code = RUN.format(paths=[str(folder), str(HERE), str(ROOT)], module=module)
    done = subprocess.run([python, "-W", "error", "-c", code], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-6000:] + done.stdout[-1000:]
    assert not done.stdout.endswith("PASSED 0\n"), done.stdout
