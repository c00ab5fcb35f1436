"""A program that hammers functions from threads and tasks while they are swapped again and again; run as a script.

    python hammered.py '{"threads": 8, "tasks": 0, "commits": 20, ...}'

Caller and callee change together: argument order, a renamed method, a version tag that each checks against the other's.
Prints one JSON object: calls, states, errors, the longest wait. Runs on CPython 3.9 and later.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import threading
import time
import traceback
import types
from pathlib import Path
from typing import Any

probe = types.ModuleType("probe")  # under a name of its own, as in a supervised program: nothing of ours is on the path
probe.__path__ = [str(Path(__file__).resolve().parents[4] / "nexoide" / "probe")]
sys.modules["probe"] = probe

from probe.reload.commit import Operations  # noqa: E402
from probe.reload.switch.transition import Swap, carry_back, carry_out  # noqa: E402

V1 = """
def callee(a, b, tag):
    assert tag == "v1", tag
    assert (a, b) == ("a", "b"), (a, b)
    return sub(("v1", a))

def sub(x):
    assert x[0] == "v1", x
    return x

def gen(n, tag):
    assert tag == "v1"
    for i in range(n):
        yield callee("a", "b", "v1")

async def co(tag, n):
    assert tag == "v1"
    for i in range(n):
        await pause()
        callee("a", "b", "v1")
    return "v1"

async def agen(tag, n):
    assert tag == "v1"
    for i in range(n):
        await pause()
        yield sub(("v1", i))

def deep(n, tag):
    assert tag == "v1"
    return deep(n - 1, "v1") if n else "v1"

def caller():
    result = callee("a", "b", "v1")
    assert result[0] == "v1", result
    for x in gen(3, "v1"):
        assert x[0] == "v1", x
    for x in (callee("a", "b", t) for t in ["v1"] * 3):
        assert x[0] == "v1", x
    return thing.name1(1, 2)

async def task():
    suspended = gen(4, "v1")
    next(suspended)
    await pause()
    assert await co("v1", 3) == "v1"
    spawned = asyncio.ensure_future(co("v1", 2))
    await pause()
    for x in suspended:
        assert x[0] == "v1", x
    async for x in agen("v1", 2):
        assert x[0] == "v1", x
    assert await spawned == "v1"

class Thing:
    def name1(self, p, q):
        assert (p, q) == (1, 2), (p, q)
        return "v1"
"""
V2 = V1
for _old, _new in (
    ("v1", "v2"),
    ('callee("a", "b",', 'callee("b", "a",'),
    ('(a, b) == ("a", "b")', '(b, a) == ("a", "b")'),
    ("name1(1, 2)", "name2(2, 1)"),
    ("def name1(self, p, q)", "def name2(self, q, p)"),
):
    V2 = V2.replace(_old, _new)
FUNCTIONS = ("callee", "sub", "gen", "co", "agen", "deep", "caller", "task")


async def pause() -> None:
    """Let other tasks run."""
    await asyncio.sleep(random.choice([0, 0, 0.0005]))


work = types.ModuleType("work")
live = work.__dict__
live.update({"asyncio": asyncio, "pause": pause})
exec(compile(V1, "work.py", "exec"), live)
live["thing"] = live["Thing"]()


def codes(text: str) -> dict[str, types.CodeType]:
    """Return the codes of a text by name."""
    found: dict[str, types.CodeType] = {}
    for code in compile(text, "work.py", "exec").co_consts:
        if type(code) is types.CodeType:
            inner = [item for item in code.co_consts if type(item) is types.CodeType]
            found.update({item.co_name: item for item in (inner if code.co_name == "Thing" else [code])})
    return found


CODES = (codes(V1), codes(V2))


def commit(version: int, when: str, bound_s: float) -> Any:
    """Bring the program to a version."""
    first = Operations()
    swaps = [Swap(live[name], f"work.{name}", {"__code__": CODES[version][name]}) for name in FUNCTIONS]
    gone, comes = ("name1", "name2") if version else ("name2", "name1")
    method = live["Thing"].__dict__[gone]
    swaps.append(Swap(method, f"work.Thing.{comes}", {"__code__": CODES[version][comes]}))
    first.bind(live["Thing"], comes, method)
    removals = [(live["Thing"], gone, "work", f"Thing.{gone}")]
    return carry_out(first, swaps, Operations(), when, bound_s, threading.get_ident(), removals=removals)


class Load:
    """The threads and tasks that call."""

    def __init__(self, threads: int, tasks: int) -> None:
        self.errors: list[str] = []
        self.stop = False
        self.calls = [0] * (threads + 1)
        self.tasks = tasks
        for number in range(threads):
            threading.Thread(target=self.call, args=(number,), daemon=True).start()
        if tasks:
            threading.Thread(target=lambda: asyncio.run(self.loop()), daemon=True).start()

    def call(self, number: int) -> None:
        """Call as fast as it goes."""
        while not self.stop:
            try:
                assert live["caller"]() in ("v1", "v2")
            except BaseException:
                self.errors.append(traceback.format_exc())
            self.calls[number] += 1

    async def one(self) -> None:
        """Call as fast as the loop goes."""
        while not self.stop:
            try:
                await live["task"]()
            except BaseException:
                self.errors.append(traceback.format_exc())
            self.calls[-1] += 1

    async def loop(self) -> None:
        """Run all tasks."""
        await asyncio.gather(*[self.one() for _ in range(self.tasks)])


def main(threads: int, tasks: int, commits: int, when: str = "auto", bound_s: float = 60.0, back_every: int = 0, audit: bool = False) -> dict[str, Any]:
    """Hammer and commit; returns what was seen."""
    if audit:  # a hook in Python gives other threads their chance at every assignment
        sys.addaudithook(lambda event, _: time.sleep(0) if event == "object.__setattr__" else None)
    limit = sys.getrecursionlimit()
    load = Load(threads, tasks)
    time.sleep(0.2)
    states: dict[str, int] = {}
    longest, version = 0.0, 0
    for number in range(commits):
        before = {name: live[name].__code__ for name in FUNCTIONS}
        carried = commit(1 - version, when, bound_s)
        states[carried.state] = states.get(carried.state, 0) + 1
        longest = max(longest, carried.waited_ms)
        if carried.state == "blocked":
            assert carried.blockers
            assert all(live[name].__code__ is code for name, code in before.items())
            assert ("name1" in vars(live["Thing"]), "name2" in vars(live["Thing"])) == (not version, bool(version))
            continue
        version = 1 - version
        assert all(live[name].__code__ is CODES[version][name] for name in FUNCTIONS)
        if back_every and number % back_every == 0:
            undone = carry_back(carried, bound_s, threading.get_ident())
            states["back " + undone.state] = states.get("back " + undone.state, 0) + 1
            version = 1 - version
            assert all(live[name].__code__ is code for name, code in before.items())
        assert ("name1" in vars(live["Thing"]), "name2" in vars(live["Thing"])) == (not version, bool(version))
    load.stop = True
    time.sleep(0.1)
    return {"calls": sum(load.calls), "states": states, "errors": load.errors[:3], "longest_ms": longest, "limit_kept": sys.getrecursionlimit() == limit}


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))), flush=True)
    os._exit(0)
