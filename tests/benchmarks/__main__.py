"""Names the benchmarks that there are, or runs one: `python -m tests.benchmarks [NAME [ARGUMENTS]]`; each takes minutes."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> dict[str, str]:
    """Return every benchmark's name with the first line of what it says of itself."""
    found = {}
    for path in sorted([*HERE.glob("*.py"), *HERE.glob("*/__main__.py"), *HERE.glob("*/[a-z]*.py")]):
        text = path.read_text(encoding="utf-8")
        name = ".".join(path.relative_to(HERE).with_suffix("").parts).removesuffix(".__main__")
        if path != Path(__file__) and 'if __name__ == "__main__"' in text and "python -m " in text:
            found[name] = text.splitlines()[0].strip('"')
    return found


def main() -> None:
    """Run the benchmark that the first argument names; without one, print a line for each."""
    known = names()
    if len(sys.argv) < 2:
        for name, says in known.items():
            print(f"python -m tests.benchmarks {name:18} {says}")
        return
    name = sys.argv[1]
    if name not in known:
        sys.exit(f"There is no benchmark {name}: there are {', '.join(known)}.")
    sys.argv = [f"python -m tests.benchmarks {name}", *sys.argv[2:]]
    runpy.run_module(f"tests.benchmarks.{name}", run_name="__main__", alter_sys=False)


if __name__ == "__main__":
    main()
