"""How fast logs are read: harmless text of several kinds beside `grep -c` and a loop over lines, and logs full of tracebacks.

    .venv/bin/python -m tests.benchmarks.scan [--megabytes 32] [--runs 5]

All are measured alternately in one run, on files in memory-backed storage where there is some; printed are medians of the processor
time of one core: megabytes a second for text, microseconds a traceback for failures. grep and the loop do no more than look for one word.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nexoide.incidents.logs import LogReader

CHUNK = 1 << 20
GREP = shutil.which("grep") or "grep"
WORDS = "the of and to in that it is was for error errors on are as with his they at be this from have or by one had".split(" ")  # noqa: SIM905
TRACE = """Traceback (most recent call last):
  File "/srv/shop/app.py", line 120, in handle
    return self.dispatch(request)
  File "/srv/shop/orders.py", line 88, in dispatch
    total = self.total(order)
  File "/srv/shop/orders.py", line 52, in total
    return sum(line.price * line.amount for line in order.lines)
  File "/srv/shop/orders.py", line 52, in <genexpr>
    return sum(line.price * line.amount for line in order.lines)
               ~~~~~~~~~~~^~~~~~~~~~~~~
TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'
"""


def access(noise: random.Random) -> str:
    """Return one line of an access log."""
    address, path, size = (
        f"10.0.{noise.randrange(255)}.{noise.randrange(255)}",
        f"/orders/{noise.randrange(9999)}?page={noise.randrange(99)}",
        noise.randrange(90_000),
    )
    return f'{address} - - [02/Jan/2024:03:04:{noise.randrange(60):02} +0000] "GET {path} HTTP/1.1" 200 {size} "https://example.com/" "Mozilla/5.0 (X11)"'


def records(noise: random.Random) -> str:
    """Return one record of a program that is well."""
    clock, order = f"2024-01-02 03:04:{noise.randrange(60):02},{noise.randrange(999):03}", noise.randrange(99_999)
    return f"{clock} INFO shop.orders.service [worker-{noise.randrange(8)}] order {order} accepted: total={noise.randrange(999)} errors=0"


def structured(noise: random.Random) -> str:
    """Return one record in JSON."""
    entry = {
        "timestamp": f"2024-01-02T03:04:{noise.randrange(60):02}Z",
        "level": "info",
        "logger": "shop.orders",
        "message": "order accepted",
        "order_id": noise.randrange(99_999),
    }
    return json.dumps({**entry, "status": 200, "duration_ms": noise.randrange(999), "error": None})


def carried(noise: random.Random) -> str:
    """Return one line as Docker Compose carries it."""
    return f"web-{noise.randrange(4)}  | {records(noise)}"


def prose(noise: random.Random) -> str:
    """Return one line of words, the word error among them now and then."""
    return " ".join(noise.choice(WORDS) for _ in range(14))


TEXTS: dict[str, Callable[[random.Random], str]] = {"access log": access, "records": records, "JSON lines": structured, "Compose": carried, "prose": prose}
FAILING = {
    "bare": lambda number: TRACE,
    "in a record": lambda number: f"2024-01-02 03:04:05,678 ERROR shop.orders: order {number} failed\n{TRACE}",
    "prefixed": lambda number: "".join(f"2024-01-02T03:04:05.123Z {line}" for line in TRACE.splitlines(keepends=True)),
    "JSON": lambda number: json.dumps({"level": "error", "message": f"order {number} failed", "exc_info": TRACE}) + "\n",
}


def ours(path: Path) -> int:
    """Read a file as the supervisor does; return how many failures it has."""
    reader = LogReader(origin=str(path))
    with path.open("rb") as stream:
        found = sum(len(reader.feed(chunk, time.time())) for chunk in iter(lambda: stream.read(CHUNK), b""))
    return found + len(reader.close(time.time()))


def lines(path: Path) -> int:
    """Look at every line of a file for one word."""
    with path.open("rb") as stream:
        return sum(1 for line in stream if b"Traceback" in line)


def grep(path: Path) -> int:
    """Have grep count the lines with one word."""
    return int(subprocess.run([GREP, "-c", "Traceback", str(path)], capture_output=True, check=False).stdout)


def seconds(task: Callable[[Path], int], path: Path) -> float:
    """Return the processor time of a task, that of its child processes included."""

    def used() -> float:
        return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))

    begin = used()
    task(path)
    return used() - begin


def made(folder: Path, megabytes: int) -> Iterator[tuple[str, Path]]:
    """Write a file of each kind of text and yield it."""
    noise = random.Random(4)
    for name, line in TEXTS.items():
        sample = "".join(line(noise) + "\n" for _ in range(20_000)).encode()
        path = folder / name.replace(" ", "-")
        path.write_bytes(sample * max(1, (megabytes << 20) // len(sample)))
        yield name, path


def measure(megabytes: int, runs: int) -> dict[str, dict[str, float]]:
    """Return megabytes a second by text and reader, and microseconds a traceback by form."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as held:
        folder = Path(held)
        for name, path in made(folder, megabytes):
            taken: dict[str, list[float]] = {"ours": [], "grep": [], "lines": []}
            for _ in range(runs):
                for who, task in (("ours", ours), ("grep", grep), ("lines", lines)):
                    taken[who].append(seconds(task, path))
            size = path.stat().st_size / 1e6
            found[name] = {who: round(size / max(statistics.median(each), 1e-9), 1) for who, each in taken.items()}
            path.unlink()
        for name, form in FAILING.items():
            path = folder / "failing"
            path.write_text("".join(form(number) for number in range(10_000)))
            if ours(path) != 10_000:
                raise RuntimeError(f"{name}: {ours(path)} of 10000 tracebacks were read")
            median = statistics.median(seconds(ours, path) for _ in range(runs))
            found[f"traceback, {name}"] = {"microseconds": round(median / 10_000 * 1e6, 1), "bytes": path.stat().st_size // 10_000}
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=32)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    for measured, figures in measure(arguments.megabytes, arguments.runs).items():
        print(f"{measured:24}", "  ".join(f"{who} {figure:g}" for who, figure in figures.items()))
