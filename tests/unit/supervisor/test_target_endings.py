"""How targets end: words, memory that ran out, and what the feed is told of it; with real programs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from nexoide.config import TargetSettings
from nexoide.model.failure import Failure
from nexoide.supervisor.targets import failures as failures_module
from nexoide.supervisor.targets import memory
from nexoide.supervisor.targets.endings import Ending, Ends, cause, holds_trace, said_no_memory
from nexoide.workspace import Workspace
from tests.unit.supervisor.test_targets import Bench

FOREVER = "import time; print('up', flush=True); time.sleep(600)"
ONCE = {"restart": {"policy": "never"}}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    made = Bench(tmp_path)
    yield made
    for targets in made.made:
        await targets.stop_all()


async def ended(bench: Bench) -> Failure:
    await bench.until(lambda status: status.state == "exited")
    async with asyncio.timeout(10):
        while not bench.failures:
            await asyncio.sleep(0.01)
    return bench.failures[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exited with code 0"),
        (3, "exited with code 3"),
        (126, "exited with code 126 (as a shell says it: a command may not be executed)"),
        (127, "exited with code 127 (as a shell says it: a command was not found)"),
        (137, "exited with code 137 (as a shell says it: what it ran was ended by SIGKILL)"),
        (143, "exited with code 143 (as a shell says it: what it ran was ended by SIGTERM)"),
        (255, "exited with code 255"),
        (-9, "was ended by SIGKILL (from outside; nothing says that memory ran out)"),
        (-15, "was ended by SIGTERM (asked to end, from outside)"),
        (-40, "was ended by signal 40"),
    ],
)
def test_the_cause_in_words(code: int, words: str):
    assert cause(Ending(code)) == words


def test_ends_that_are_alike_are_called_a_loop():
    ends = Ends("shop", 5)
    for _ in range(3):
        assert ends.loop(2, 1.0) == ""
        ends.note("exited with code 1: no config")
    assert ends.loop(3, 1.26) == "shop crashes in a loop: 3 starts in 1.3 s, each exited with code 1: no config"
    ends.note("was ended by SIGSEGV")
    assert ends.loop(4, 2.0) == "shop crashes in a loop: 4 starts in 2.0 s, the last one was ended by SIGSEGV"
    assert ends.loop(1, 2.0) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MemoryError", "it ran out of memory: MemoryError"),
        ("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 8 TiB", ""),
        ("terminate called after throwing an instance of 'std::bad_alloc'", "it ran out of memory: std::bad_alloc"),
        ("java.lang.OutOfMemoryError: Java heap space", "it ran out of memory: OutOfMemoryError"),
        ("OSError: [Errno 12] Cannot allocate memory", "it ran out of memory: Cannot allocate memory"),
        ("ValueError: bad", ""),
    ],
)
def test_memory_errors_are_known_by_their_words(line: str, said: str):
    assert said_no_memory(["before", line]) == said


def test_a_trace_of_a_signal_is_another_thing_than_a_logged_traceback():
    traceback = "Traceback (most recent call last):\n  File 'a.py', line 1"
    assert holds_trace(traceback, fatal=False)
    assert not holds_trace(traceback, fatal=True)
    assert holds_trace("Fatal Python error: Segmentation fault\n\nCurrent thread", fatal=True)
    assert holds_trace("Error: x\n    at Object.<anonymous> (/srv/app.js:3:9)", fatal=False)
    assert not holds_trace("all is well at noon", fatal=False)


async def test_a_crash_of_native_code_reaches_the_feed(bench: Bench):
    targets = bench.targets("import os, signal; print('working on order 17', flush=True); os.kill(os.getpid(), signal.SIGSEGV)", **ONCE)
    await targets.start_all()
    failure = await ended(bench)
    assert failure.log_message == "shop was ended by SIGSEGV (an invalid access to memory: a crash of native code)"
    assert (failure.target, failure.source, failure.severity, failure.exceptions) == ("shop", "output", "critical", ())
    assert (failure.pid > 0, failure.text, failure.origin) == (True, "working on order 17", "output")


async def test_an_exit_code_without_a_traceback_reaches_the_feed_and_secrets_do_not(bench: Bench):
    secret = "ghp_" + "a1B2" * 10
    targets = bench.targets(f"import sys; sys.exit('cannot log in with {secret}')", **ONCE)
    await targets.start_all()
    failure = await ended(bench)
    assert failure.log_message.startswith("shop exited with code 1: cannot log in with «redacted:github-token")
    assert failure.severity == "error"
    assert secret not in failure.log_message + failure.text
    assert not [status for status in bench.told if secret in status.note or secret in "".join(status.tail)]


@pytest.mark.parametrize(("lately", "count"), [(True, 0), (False, 1)])
async def test_a_traceback_that_was_counted_is_not_counted_again(bench: Bench, lately: bool, count: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(failures_module, "WAIT_SECONDS", 0.05)
    command = (sys.executable, "-c", "raise KeyError('x')")
    targets = bench.several({"shop": TargetSettings(command=command, restart={"policy": "never"})}, seen_lately=lambda name: lately and name == "shop")
    await targets.start_all()
    await bench.until(lambda status: status.state == "exited")
    await targets.stop_all()  # what waits is told then, too
    assert len(bench.failures) == count


@pytest.mark.parametrize(("code", "count"), [("import sys; sys.exit(1)", 0), ("import os; os.abort()", 1)])
async def test_what_ended_the_main_thread_explains_an_exit_however_long_it_took_and_no_signal(bench: Bench, code: str, count: int):
    settings = {"shop": TargetSettings(command=(sys.executable, "-c", code), restart={"policy": "never"})}
    targets = bench.several(settings, died_of=lambda name, pid: name == "shop" and pid > 0)
    await targets.start_all()
    await bench.until(lambda status: status.state == "exited")
    await targets.stop_all()
    assert len(bench.failures) == count


async def test_a_logged_traceback_does_not_hide_a_crash(bench: Bench):
    code = "import os, traceback\ntry: {}['x']\nexcept KeyError: traceback.print_exc()\nos.abort()"
    targets = bench.several({"shop": TargetSettings(command=(sys.executable, "-c", code), restart={"policy": "never"})}, seen_lately=lambda name: True)
    await targets.start_all()
    assert "SIGABRT" in (await ended(bench)).log_message


async def test_success_and_being_stopped_are_no_failures(bench: Bench):
    targets = bench.several({"one": TargetSettings(command=("true",)), "two": TargetSettings(command=(sys.executable, "-c", FOREVER))})
    await targets.start_all()
    await bench.until(lambda status: status.state == "exited")
    await targets.stop("two")
    await targets.stop_all()
    assert bench.failures == []


async def test_what_cannot_be_started_is_a_failure(bench: Bench):
    await bench.targets(command=("no-such-program",)).start_all()
    assert [(failure.severity, "was not found" in failure.log_message) for failure in bench.failures] == [("critical", True)]


async def test_sigkill_from_outside_is_not_called_memory(bench: Bench):
    targets = bench.targets(FOREVER, **ONCE)
    await targets.start_all()
    os.kill(targets.status("shop").pid, signal.SIGKILL)
    status = await bench.until(lambda status: status.state == "exited")
    assert "memory ran out:" not in status.note
    assert "SIGKILL (from outside; nothing says that memory ran out)" in status.note


@contextlib.contextmanager
def small_group() -> Iterator[Path]:
    """A control group that holds 40 MiB, of either version."""
    for root, limit, extra in (
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
        (Path("/sys/fs/cgroup"), "memory.max", "memory.swap.max"),
    ):
        folder = root / f"nexoide-test-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            (folder / limit).write_text(str(40 << 20))
            with contextlib.suppress(OSError):
                (folder / extra).write_text(str(40 << 20) if "memsw" in extra else "0")
        except OSError:
            folder.rmdir()
            continue
        try:
            yield folder
        finally:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    os.sched_yield()
        return
    pytest.skip("no control group of memory can be made here")


async def test_memory_that_ran_out_is_recognised_by_evidence(bench: Bench):
    with small_group() as folder:
        eat = "import time\nkept = []\nwhile True: kept.append(bytearray(b'x' * (1 << 20)))"
        inside = f'echo 0 > {folder}/cgroup.procs && exec {sys.executable} -c "$0"'
        targets = bench.targets(command=("sh", "-c", inside, eat), **ONCE)
        await targets.start_all()
        status = await bench.until(lambda status: status.state == "exited")
    assert "memory ran out: the kernel" in status.note
    assert "memory ran out: the kernel" in (await ended(bench)).log_message
    assert bench.failures[0].severity == "critical"


def test_a_group_that_counts_a_kill_is_evidence(tmp_path: Path):
    events = tmp_path / "memory.events"
    events.write_text("low 0\nhigh 0\nmax 12\noom 3\noom_kill 4\noom_group_kill 0\n")
    pid = os.getpid()  # the kernel's log names no kill of it
    assert memory.ran_out(pid, memory.Kills(at=0.0, group=3, file=events)) == (
        "memory ran out: the kernel killed a process in its control group since it started"
    )
    assert memory.ran_out(pid, memory.Kills(at=0.0, group=4, file=events)) == ""
    events.write_text("nothing that is known")
    assert memory.ran_out(pid, memory.Kills(at=0.0, group=3, file=events)) == ""


async def test_a_python_program_without_memory_says_so(bench: Bench):
    code = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))\nb'x' * (1 << 30)"
    await bench.targets(code, **ONCE).start_all()
    status = await bench.until(lambda status: status.state == "exited")
    assert "exited with code 1 (it ran out of memory: MemoryError)" in status.note
