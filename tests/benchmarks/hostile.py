"""Whether hostile source takes the supervisor down: mutated files through the gate and the repair workers, and what became of each.

    python -m tests.benchmarks hostile [--files 10000] [--seed 1]

Half of the files are bent so that a parser may trip (nesting, chains, cookies, hidden characters, torn UTF-8), half have bytes and
tokens of real programs exchanged. Counted are refusals, answers and workers that had to be replaced; this process must live.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from nexoide.errors import InspectionError, NexoideError
from nexoide.model.failure import Failure, Frame, Raised
from nexoide.patches.inspection import inspect
from nexoide.patches.workers import WorkerPool
from nexoide.repair.service import ENGINE, ProposeRequest, Repairer
from tests.benchmarks.repair.cases import CORPUS

PACKAGE = Path(__file__).resolve().parents[2] / "nexoide"
ERRORS: tuple[tuple[str, str, str], ...] = (
    (r"\.(\w+)", "AttributeError", "'Order' object has no attribute '{}'"),
    (r"\.(\w+)", "AttributeError", "'NoneType' object has no attribute '{}'"),
    (r"(\w+)\(", "TypeError", "{}() missing 1 required positional argument: 'x'"),
    (r"(\w+)\(", "TypeError", "{}() got an unexpected keyword argument 'y'"),
    (r"(\w+)", "NameError", "name '{}' is not defined"),
    (r"(\w+)", "UnboundLocalError", "cannot access local variable '{}' where it is not associated with a value"),
    (r"\[(.+?)\]", "KeyError", "{}"),
    (r"\[", "TypeError", "'NoneType' object is not subscriptable"),
    (r"\[", "IndexError", "list index out of range"),
    (r"/", "ZeroDivisionError", "division by zero"),
    (r"import (\w+)", "ImportError", "cannot import name '{}' from 'b' (/x/b.py)"),
    (r"(\w+)", "ValueError", "invalid literal for int() with base 10: '{}'"),
    (r"(\w+)", "RecursionError", "maximum recursion depth exceeded"),
    (r"(\w+)", "AssertionError", ""),
)


def _deep(noise: random.Random, text: str) -> bytes:
    opening, closing = noise.choice(["()", "[]", "{}"])
    depth = noise.choice([99, 101, 400, 2000, 20_000])
    return f"{text}\nx = {opening * depth}{closing * depth}\n".encode()


def _chain(noise: random.Random, text: str) -> bytes:
    count = noise.choice([500, 5000, 20_000])
    part = noise.choice(["-", "not ", "~", "a.", "a + ", "a(", "lambda: ", "await ", "*", "x if y else ", "@", "yield "])
    return f"{text}\nx = {part * count}a\n".encode()


def _indent(noise: random.Random, text: str) -> bytes:
    depth = noise.choice([50, 99, 101, 300])
    return (text + "\n" + "".join(f"{' ' * level}if x:\n" for level in range(depth)) + " " * depth + "pass\n").encode()


def _cookie(noise: random.Random, text: str) -> bytes:
    name = noise.choice(["unicode_escape", "raw_unicode_escape", "utf-7", "latin-1", "utf-16", "rot13", "nonsense", "utf-8"])
    return f"# coding: {name}\n{text}\n# \\u000aimport os\n".encode()


def _hidden(noise: random.Random, text: str) -> bytes:
    place = noise.randrange(len(text) + 1)
    mark = noise.choice(["\u202e", "\u200b", "\u2066", "\u2028", "\r", "\0", "\f", "\ufeff", "\x1b[2J", "ｉ", "\u00ad"])
    return (text[:place] + mark + text[place:]).encode("utf-8", "surrogatepass")


def _torn(noise: random.Random, text: str) -> bytes:
    data = bytearray(text.encode())
    for _ in range(noise.randrange(1, 20)):
        data[noise.randrange(len(data))] = noise.randrange(256)
    return bytes(data)


def _tokens(noise: random.Random, text: str) -> bytes:
    words = text.split(" ")
    for _ in range(noise.randrange(1, 12)):
        one, other = noise.randrange(len(words)), noise.randrange(len(words))
        words[one], words[other] = words[other], words[one]
    return " ".join(words).encode()


def _lines(noise: random.Random, text: str) -> bytes:
    lines = text.split("\n")
    for _ in range(noise.randrange(1, 6)):
        lines.insert(noise.randrange(len(lines) + 1), lines[noise.randrange(len(lines))])
    return "\n".join(lines).encode()


def _names(noise: random.Random, text: str) -> bytes:
    names = sorted(set(re.findall(r"[A-Za-z_]\w+", text))) or ["x"]
    for _ in range(noise.randrange(1, 4)):
        text = re.sub(rf"\b{noise.choice(names)}\b", noise.choice(names), text, count=1)
    return text.encode()


def _long(noise: random.Random, text: str) -> bytes:
    return (text + "\n" + noise.choice(["x = '" + "a" * (1 << 20) + "'", "x = [" + "1," * 200_000 + "]", "#" * (3 << 20), "x=1;" * 50_000])).encode()


BENT: tuple[Callable[[random.Random, str], bytes], ...] = (_deep, _chain, _indent, _cookie, _hidden)
MIXED: tuple[Callable[[random.Random, str], bytes], ...] = (_torn, _tokens, _lines, _names, _names, _names)


async def run(files: int, seed: int) -> None:
    """Send the files through and print what became of them."""
    noise = random.Random(seed)
    sources = [path.read_text(encoding="utf-8") for path in [*CORPUS.glob("dev/*/*/program/**/*.py"), *PACKAGE.glob("repair/*.py")]]
    pool = WorkerPool([ENGINE], size=2)
    await pool.start()
    repairer, counts, began = Repairer(pool, seconds=5.0), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        try:
            for number in range(0, files, 2):
                await asyncio.gather(*(_one(noise, sources, root, each, repairer, counts) for each in (number, number + 1)))
        finally:
            await pool.close()
    print(f"{files} files in {time.monotonic() - began:.0f} s; this process lives; {pool.restarts} workers were replaced")
    for name, count in counts.most_common():
        print(f"  {count:>6}  {name}")


async def _one(noise: random.Random, sources: list[str], root: Path, number: int, repairer: Repairer, counts: Counter[str]) -> None:
    text = noise.choice(sources)
    bend = noise.choice(BENT if number % 2 else MIXED) if number % 50 else _long
    data = bend(noise, text)
    try:
        await asyncio.to_thread(inspect, "app.py", text.encode(), data)
        counts["gate: let through"] += 1
    except InspectionError:
        counts["gate: refused"] += 1
    name = f"m{number % 2}"
    (root / name).mkdir(exist_ok=True)
    (root / name / "app.py").write_bytes(data)
    lines = data.decode("utf-8", "replace").split("\n")
    pattern, kind, message = noise.choice(ERRORS)
    fitting = [(place, found[found.re.groups]) for place, each in enumerate(lines, 1) if len(each) < 400 and (found := re.search(pattern, each))]
    line, word = noise.choice(fitting) if fitting else (1, "x")
    message = message.format(word)
    frame = Frame(file=str(root / name / "app.py"), line=line, function="f", source=lines[line - 1].strip()[:400])
    failure = Failure(target="t", pid=1, source="main", at=0.0, exceptions=(Raised(type=kind, message=message, frames=(frame,)),))
    try:
        found = await repairer.diagnose(ProposeRequest(root=root / name, failure=failure))
        trouble = next((word for word in ("parser_crash", "parser_timeout") if word in found.reason), "no patch")
        words = "proposed" if found.proposals else trouble
        counts[f"engine: {words}"] += 1
    except NexoideError as error:
        counts[f"engine: {type(error).__name__}"] += 1


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks hostile", description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    asyncio.run(run(chosen.files, chosen.seed))


if __name__ == "__main__":
    main()
