"""Every place where Python gives up on an exception is seen, once, whatever the program replaced; and no failure breaks the program."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.probe.peer import Bench

Told = list[tuple[str, str, str, str]]


def told(bench: Bench) -> Told:
    """Return source, severity, type and message of what was told so far."""
    found = [message["failure"] for message in bench.peer.messages if message["t"] == "failure"]
    return [(one["source"], one["severity"], one["exceptions"][0]["type"], one["exceptions"][0]["message"]) for one in found]


GIVEN_UP = """\
import asyncio, gc, logging, sys, threading, weakref
logging.lastResort = None
log = logging.getLogger("shop")

def boom(n, kind=ValueError):
    raise kind(n)

class Dying:
    def __del__(self):
        boom("in del")

async def generator():
    try:
        yield 1
    finally:
        boom("in aclose")

async def never():
    pass

async def main():
    made = generator()
    await made.__anext__()
    del made
    gc.collect()
    await asyncio.sleep(0.05)
    never()
    asyncio.get_running_loop().call_soon(boom, "in callback")
    await asyncio.sleep(0.01)

threading.excepthook = lambda args: None
thread = threading.Thread(target=boom, args=("thread, hook replaced",)); thread.start(); thread.join()
Dying(); gc.collect()
class Thing: pass
thing = Thing(); reference = weakref.ref(thing, lambda _: boom("in weakref callback")); del thing
asyncio.run(main())
for level in (logging.INFO, logging.WARNING, logging.CRITICAL):
    try:
        boom(f"at {level}", OSError)
    except OSError:
        log.log(level, "hm", exc_info=True)
sys.excepthook = lambda *a: None
boom("main, hook replaced")
"""


def test_whatever_python_gives_up_on_is_told_once(bench: Bench, python: str) -> None:
    bench.run(GIVEN_UP, python)

    bench.peer.total(9)
    assert told(bench) == [
        ("thread", "error", "ValueError", "thread, hook replaced"),
        ("unraisable", "error", "ValueError", "in del"),
        ("unraisable", "error", "ValueError", "in weakref callback"),
        ("task", "error", "ValueError", "in aclose"),
        ("warning", "warning", "RuntimeWarning", "coroutine 'never' was never awaited"),
        ("task", "error", "ValueError", "in callback"),
        ("log", "warning", "OSError", "at 30"),
        ("log", "critical", "OSError", "at 50"),
        ("main", "error", "ValueError", "main, hook replaced"),
    ]


def test_an_exit_that_runs_nothing_tells_what_was_logged_and_what_ended_it(bench: Bench, edge: str) -> None:
    done = bench.run(
        "import logging, os, sys\nlogging.lastResort = None\nlog = logging.getLogger()\n"
        "def fail():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        log.exception('x')\n"
        "for _ in range(100): fail()\nsys.excepthook = lambda *a: os._exit(5)\n{}['gone']\n",
        edge,
    )

    assert done.returncode == 5
    assert bench.peer.total(101) == 101
    assert told(bench)[-1] == ("main", "error", "KeyError", "'gone'")


def test_what_fails_at_the_end_is_told(bench: Bench, edge: str) -> None:
    bench.run(
        "import atexit, sys, time\nclass AtEnd:\n    def __del__(self):\n        raise RuntimeError('while the interpreter ends')\n"
        "end = AtEnd()\natexit.register(lambda: 1 / 0)\nstart = sys.modules['_nexoide_probe.start']\nstart.hooks.ready()\n",
        edge,
    )

    bench.peer.wait(lambda message: message["t"] == "failure" and message["failure"]["exceptions"][0]["type"] == "RuntimeError")
    assert ("unraisable", "error", "RuntimeError", "while the interpreter ends") in told(bench)


def test_hooks_that_the_program_replaces_are_found_again(bench: Bench, edge: str) -> None:
    program = bench.serve(
        "import gc, sys, _thread\nseen = []\nsys.unraisablehook = lambda u: seen.append(u.exc_type.__name__)\n"
        "class Dying:\n    def __del__(self):\n        raise ValueError('later')\n"
        "def fail():\n    Dying()\n    return len(seen)\n",
        edge,
    )
    assert program.ask("__import__('time').sleep(1.2)") is None  # when the probe looks after its hooks for the first time

    assert program.ask("fail()") == 1
    assert bench.peer.failures()[0]["source"] == "unraisable"


def test_a_worker_that_fails_is_told_once_with_the_frames_of_the_worker(bench: Bench, edge: str) -> None:
    done = bench.run(
        """\
import concurrent.futures, logging, multiprocessing
logging.lastResort = None
log = logging.getLogger("shop")

def charge(n):
    raise ValueError(f"order {n}")

def logged(n):
    try:
        {}["gone"]
    except KeyError:
        log.exception("in the worker")
        raise

if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        for work in (charge, logged):
            try:
                pool.submit(work, 7).result()
            except (ValueError, KeyError):
                log.exception("in the parent")
    with multiprocessing.Pool(1) as pool:
        try:
            pool.map(charge, [8])
        except ValueError:
            log.exception("in the parent")
""",
        edge,
    )

    assert done.returncode == 0, done.stderr
    bench.peer.total(3)
    failures = bench.peer.failures(3)
    assert [(one["exceptions"][0]["type"], one["log_message"], one["exceptions"][0]["frames"][-1]["function"]) for one in failures] == [
        ("ValueError", "in the parent", "charge"),
        ("KeyError", "in the worker", "logged"),
        ("ValueError", "in the parent", "charge"),
    ]
    assert failures[0]["exceptions"][0]["frames"][-1]["source"] == 'raise ValueError(f"order {n}")'
    assert [len(one["exceptions"]) for one in failures] == [1, 1, 1]


def test_a_childs_own_printing_of_a_traceback_is_no_failure(bench: Bench) -> None:
    bench.run(
        "import multiprocessing, traceback\ndef work():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        traceback.print_exc()\n"
        "    raise KeyError('real')\n"
        "if __name__ == '__main__':\n    child = multiprocessing.get_context('fork').Process(target=work); child.start(); child.join()\n"
    )

    assert [failure["exceptions"][0]["type"] for failure in bench.peer.failures()] == ["KeyError"]


WARNS = "import warnings\ndef old():\n    warnings.warn('use new()', DeprecationWarning, stacklevel=2)\ndef caller():\n    for _ in range(5): old()\ncaller()\n"


def test_warnings_are_told_once_a_place_where_that_is_wanted(bench: Bench, edge: str) -> None:
    assert bench.run(WARNS, edge).stderr.count("DeprecationWarning") == 1
    (bench.folder.parent / "lib").mkdir()
    (bench.folder.parent / "lib" / "foreign.py").write_text("import warnings\nwarnings.warn('not ours', DeprecationWarning)\n")
    bench.write("inner.py", "import warnings\nwarnings.warn('hidden by default', DeprecationWarning)\nwarnings.warn('and this', PendingDeprecationWarning)\n")
    done = bench.run("import sys; sys.path.append('../lib')\nimport foreign, inner\n" + WARNS, edge, NEXOIDE_PROBE_WARNINGS="1")

    assert done.stderr.count("Warning: ") == 3
    bench.peer.total(3)
    assert told(bench) == [
        ("warning", "warning", "DeprecationWarning", "hidden by default"),
        ("warning", "warning", "PendingDeprecationWarning", "and this"),
        ("warning", "warning", "DeprecationWarning", "use new()"),
    ]
    frames = bench.peer.failures(3)[-1]["exceptions"][0]["frames"]
    assert [(frame["function"], frame["source"]) for frame in frames] == [("<module>", "caller()"), ("caller", "for _ in range(5): old()")]


def test_warnings_that_the_program_records_or_filters_are_its_own(bench: Bench) -> None:
    done = bench.run(
        "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    warnings.warn('recorded')\n"
        "warnings.simplefilter('ignore')\nwarnings.warn('ignored')\nprint(len(seen))\n1/0\n",
        NEXOIDE_PROBE_WARNINGS="1",
    )

    assert done.stdout == "1\n"
    bench.peer.failures()
    assert [entry[0] for entry in told(bench)] == ["main"]


def test_groups_that_are_deep_and_wide_slots_and_cycles_are_bounded(bench: Bench) -> None:
    done = bench.run(
        """\
import logging
logging.lastResort = None
log = logging.getLogger()

class Slotted(ValueError):
    __slots__ = ("code",)

class Base(BaseException):
    pass

def tell(error):
    try:
        raise error
    except BaseException:
        log.exception("x")

deep = ValueError("leaf")
for n in range(3000):
    deep = ExceptionGroup(f"level {n}", [deep])
tell(deep)
tell(ExceptionGroup("wide", [ValueError(n) for n in range(100_000)]))
error = Slotted("slotted"); error.code = 7
tell(error)
tell(Base("base"))
first, second = ValueError("first"), ValueError("second")
first.__cause__, second.__cause__ = second, first
tell(first)
"""
    )

    assert done.returncode == 0, done.stderr
    bench.peer.total(5)
    failures = bench.peer.failures(5)
    assert [one["exceptions"][0]["message"] for one in failures] == [
        "level 2999 (1 sub-exception)", "wide (100000 sub-exceptions)", "slotted", "base", "first",
    ]  # fmt: skip
    assert max(len(one["exceptions"]) for one in failures) == 8
    assert max(len(json.dumps(one)) for one in failures) < 100_000


def test_a_traceback_of_very_many_frames_costs_little_and_is_one_kind(bench: Bench) -> None:
    done = bench.run(
        """\
import logging, sys, time, types
logging.lastResort = None
log = logging.getLogger()
def fail():
    raise ValueError("deep")
def tell(depth):
    try:
        fail()
    except ValueError as error:
        traceback = error.__traceback__
        for _ in range(depth):
            traceback = types.TracebackType(traceback, traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno)
        error = error.with_traceback(traceback)
        begun = time.perf_counter()
        log.error("x", exc_info=error)
        return time.perf_counter() - begun
print(max(tell(100_000 + n) for n in range(3)))
sys.setrecursionlimit(20_000)
def down(n):
    if not n: fail()
    down(n - 1)
for depth in (100, 500, 2000):
    try:
        down(depth)
    except ValueError:
        log.exception("x")
"""
    )

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 1.0
    bench.peer.total(6)
    sent: list[dict[str, Any]] = bench.peer.wait(lambda message: message["t"] == "failure", 2)
    assert len(sent) == 2
    assert max(len(message["failure"]["exceptions"][0]["frames"]) for message in sent) == 40


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_loops_own_handler_hides_nothing(bench: Bench, loop: str) -> None:
    done = bench.run(
        f"import asyncio, gc, {loop}\n"
        "async def main():\n    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)\n"
        "    async def task(): raise ValueError('in task')\n"
        "    asyncio.get_running_loop().call_soon(lambda: 1 / 0)\n    made = asyncio.ensure_future(task()); await asyncio.sleep(0.01); del made; gc.collect()\n"
        f"{loop}.run(main())\n"
    )

    assert (done.returncode, done.stderr) == (0, "")
    bench.peer.total(2)
    assert sorted((one["source"], one["exceptions"][0]["type"]) for one in bench.peer.failures(2)) == [("task", "ValueError"), ("task", "ZeroDivisionError")]
