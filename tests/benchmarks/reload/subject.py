"""One running program under one engine, which answers when it first runs new code.

    python subject.py ENGINE FOLDER MODULES HEAP

Reads lines from stdin: `see N` answers the monotonic time at which target.f0() was first N; `call N PATH` brings the module
to the text in PATH by one call of the engine and answers the milliseconds that it took. Standard library only.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path

POLL_S = 0.0002
LIMIT_S = 20.0


def main() -> None:
    """Start the engine, import the program and serve."""
    sys.path[0] = str(Path(__file__).resolve().parents[2] / "support")
    from reload_engines import ENGINES, Engine

    name, folder, modules, heap = sys.argv[1], os.path.realpath(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    sys.path[0] = folder
    os.chdir(folder)
    engine = Engine() if name == "none" else ENGINES[name]()
    engine.start(folder)
    target = importlib.import_module("target")
    kept = [importlib.import_module(f"many.m{number}") for number in range(modules)]
    kept.append([[] for _ in range(heap)])
    engine.ready()
    print("ready", flush=True)
    for line in sys.stdin:
        what, number, *path = line.split()
        print(see(target, int(number)) if what == "see" else call(engine, target, int(number), path[0]), flush=True)


def see(target: object, number: int) -> float:
    """Return the time at which f0 was first `number`, -1.0 where that took too long."""
    end = time.monotonic() + LIMIT_S
    while target.f0() != number:
        if time.monotonic() > end:
            return -1.0
        time.sleep(POLL_S)
    return time.monotonic()


def call(engine: object, target: object, number: int, path: str) -> float:
    """Return how many milliseconds the reload call alone took, -1.0 where f0 is not new after it."""
    if engine.ours:
        data = Path(path).read_bytes()
        begun = time.perf_counter()
        engine.reloader.apply({target.__file__: data})
    else:
        Path(path).replace(target.__file__)
        begun = time.perf_counter()
        engine.trigger([target.__file__])
    took = (time.perf_counter() - begun) * 1000
    return took if target.f0() == number else -1.0


if __name__ == "__main__":
    main()
