"""`python -m nexoide.probe script.py …` or `python -m nexoide.probe -m module …`: runs a program under the probe.

The interpreter is started anew in this process with the bootstrap folder on its path, so the program sees the argv, the
`__main__` and the tracebacks that it has when run alone, and its children are covered like it. `--path` prints that folder,
for programs that are started by something else: with it on PYTHONPATH and NEXOIDE_PROBE=1 they attach themselves.
"""

from __future__ import annotations

import os
import sys

USAGE = "usage: python -m nexoide.probe (script.py | -m module | -c code) [arguments]\n       python -m nexoide.probe --path"


def interpreter_flags() -> list[str]:
    """Return the options this interpreter was started with, so that the program gets the same."""
    import subprocess

    known: list[str] = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined] # noqa: SLF001
    return known


def main(arguments: list[str]) -> None:
    """Replace this process by the program, or print the bootstrap folder; ends, with the usage, where it was told neither."""
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stderr.write(USAGE + "\n")
        sys.exit(0 if arguments else 2)
    bootstrap = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
    if arguments == ["--path"]:
        sys.stdout.write(bootstrap + "\n")
        return
    environment = dict(os.environ)
    before = environment.get("PYTHONPATH")
    if not before or before.split(os.pathsep)[0] != bootstrap:
        environment["PYTHONPATH"] = bootstrap + (os.pathsep + before if before else "")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, *interpreter_flags(), *arguments], environment)


if __name__ == "__main__":
    main(sys.argv[1:])
