"""The programs whose saved files are timed: modules of a given shape, in a given version."""

from __future__ import annotations

from pathlib import Path

SMALL, LARGE = 3, 200
BESIDE = """
import json
from functools import partial


def value(n):
    return n + LIMIT


class Thing:
    def go(self):
        return value(1)
"""


class Case:
    """One shape of a program: `functions` in the module that is saved, `modules` beside it, `heap` objects; all of it, or one line on top, changes."""

    def __init__(self, name: str, functions: int, *, modules: int = 0, heap: int = 0, shifted: bool = False) -> None:
        self.name, self.functions, self.modules, self.heap, self.shifted = name, functions, modules, heap, shifted

    def text(self, version: int) -> str:
        """Return the module in a version: f0 returns it; the others change with it unless the module is only shifted by a line."""
        lines = ["# inserted"] * (version if self.shifted else 0)
        lines += ["STATE = []", ""]
        for number in range(self.functions):
            value = version if number == 0 or not self.shifted else 0
            lines += [f"def f{number}(n=1):", f"    total = n + {number}", "    for i in range(3):", "        total += i", f"    return {value}", ""]
        return "\n".join(lines)

    def write(self, folder: Path) -> None:
        """Write the whole program in its first version."""
        (folder / "target.py").write_text(self.text(0), encoding="utf-8")
        (folder / "many").mkdir()
        for number in range(self.modules):
            (folder / "many" / f"m{number}.py").write_text(f"LIMIT = {number}\n{BESIDE}", encoding="utf-8")


CASES = [
    Case("3 functions", SMALL),
    Case("3 functions, 1,000 modules loaded", SMALL, modules=1000),
    Case("200 functions, shifted by a line", LARGE, shifted=True),
    Case("3 functions, 1,000,000 objects", SMALL, heap=1_000_000),
]
CALLS = [Case("call alone, 3 functions", SMALL), Case("call alone, 200 functions", LARGE), Case("call alone, 200 functions shifted", LARGE, shifted=True)]
