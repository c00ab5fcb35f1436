"""The wire from the program's side: it comes and goes with the supervisor, and the program never waits for it."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.unit.probe.peer import BOOTSTRAP, PROBE, Bench, Peer

ASKED = """\
import logging, sys
logging.lastResort = None
def fail(n):
    try:
        raise ValueError(n)
    except ValueError:
        logging.getLogger('x').exception('x')
"""


def test_the_hello_says_who_this_is(bench: Bench) -> None:
    process = bench.start("-c", "input()", "--token", "abcdef", "--name=x")

    (hello,) = bench.peer.wait(lambda message: message["t"] == "hello")
    assert (hello["v"], hello["token"], hello["target"], hello["pid"]) == (2, "token-1", "shop", process.pid)
    assert (hello["python"], hello["implementation"], hello["free_threaded"]) == (sys.version.split()[0], "cpython", False)
    assert hello["argv"][-3:] == ["--token", "«redacted:token»", "--name=x"]
    assert hello["cwd"] == str(bench.folder)
    assert hello["start_time"] > 0


def test_failures_of_the_time_without_a_supervisor_arrive_when_it_is_back(bench: Bench) -> None:
    program = bench.serve(ASKED)
    assert program.ask("fail(1)") is None
    bench.peer.failures(1)
    bench.peer.down()
    assert program.ask("[fail(n) for n in range(2, 6)] and 1") == 1
    bench.peer.up()

    messages = [failure["exceptions"][0]["message"] for failure in bench.peer.failures(5)]

    assert messages == ["1", "2", "3", "4", "5"]
    assert len([m for m in bench.peer.messages if m["t"] == "hello"]) == 2


def test_what_the_queue_cannot_hold_is_counted(bench: Bench) -> None:
    bench.peer.down()
    program = bench.serve(ASKED + "\nsys.modules['_nexoide_probe.hooks'].PER_SECOND = 10**6\nsys.modules['_nexoide_probe.hooks']._bucket._left = 10**6\n")
    assert program.ask("len([fail(n) for n in range(300)])") == 300
    bench.peer.up()

    bench.peer.failures(256)

    drops = [message["dropped"] for message in bench.peer.messages if message["t"] == "failure"]
    assert (len(drops), sum(drops)) == (256, 44)


def test_a_storm_is_thinned_and_counted(bench: Bench) -> None:
    program = bench.serve(ASKED)
    begun = time.monotonic()
    assert program.ask("len([fail(n) for n in range(5000)])") == 5000
    took = time.monotonic() - begun
    time.sleep(1.05)
    program.ask("fail('last')")

    bench.peer.wait(lambda message: message["t"] == "failure" and message["failure"]["exceptions"][0]["message"] == "last")
    sent = [message for message in bench.peer.messages if message["t"] == "failure"]
    assert len(sent) + sum(message["dropped"] for message in sent) == 5001
    assert len(sent) <= 200 * (took + 2)


def test_without_a_supervisor_a_failing_program_ends_at_once(bench: Bench) -> None:
    bench.peer.down()

    done = bench.run(
        "import sys, time\nlink = sys.modules['_nexoide_probe.start']._link\nflush = link.flush\n"
        "def timed(seconds):\n    begun = time.monotonic()\n    flush(seconds)\n    print(time.monotonic() - begun)\n"
        "link.flush = timed\n1/0\n"
    )

    assert (done.returncode, "ZeroDivisionError" in done.stderr) == (1, True)
    assert float(done.stdout) < 0.5


def test_a_supervisor_that_never_answers_holds_the_end_up_for_a_second_at_most(bench: Bench) -> None:
    bench.peer.down()
    silent = Peer(bench.socket, welcome=False)
    begun = time.monotonic()

    assert bench.run("1/0\n").returncode == 1

    assert time.monotonic() - begun < 2.5
    silent.down()


def test_the_programs_threads_and_modules_are_its_own(bench: Bench) -> None:
    done = bench.run(
        "import sys\nprint(sorted(m for m in sys.modules if m.split('.')[0] in ('nexoide', 'json', 'logging', 'asyncio', 'threading', 'ast')))\n"
        "import threading; print(threading.active_count())\nprint([p for p in sys.path if 'probe' in p])\n"
    )

    assert done.stdout == "[]\n1\n[]\n", done.stderr


def test_the_process_sleeps_while_nothing_happens(bench: Bench) -> None:
    program = bench.serve("import os")
    bench.peer.wait(lambda message: message["t"] == "hello")
    program.ask("1")

    def switches() -> int:
        total = 0
        for task in __import__("pathlib").Path(f"/proc/{program.process.pid}/task").iterdir():
            total += int((task / "status").read_text().split("voluntary_ctxt_switches:")[1].split()[0])
        return total

    time.sleep(0.1)
    before = switches()
    time.sleep(0.5)
    assert switches() - before <= 1


def test_a_bad_frame_ends_the_connection_and_not_the_program(bench: Bench) -> None:
    program = bench.serve("x = 1")
    for payload in (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x50" + b'{"t":' + b"[" * 35 + b"]" * 35 + b"}    "):
        count = len([m for m in bench.peer.messages if m["t"] == "hello"])
        bench.peer.wait(lambda message: message["t"] == "hello", max(1, count))
        next(iter(bench.peer._connections.values())).sendall(payload)
        bench.peer.wait(lambda message: message["t"] == "hello", max(1, count) + 1)
    assert program.ask("x") == 1


def test_a_program_that_closes_all_its_files_is_left_alone(bench: Bench) -> None:
    done = bench.run(
        ASKED + "\nimport os, time\ntime.sleep(0.2)\nos.closerange(3, 64)\nfiles = [open(f'f{n}', 'w') for n in range(20)]\nfail(1)\ntime.sleep(0.3)\n"
        "for f in files: f.close()\nprint(sum(os.path.getsize(f'f{n}') for n in range(20)))\n"
    )

    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr
    assert bench.peer.failures(1)


def test_run_as_a_module_is_the_same_as_under_the_bootstrap(bench: Bench) -> None:
    path = bench.write("script.py", "import sys\nprint(sys.argv, __name__, 'nexoide' in sys.modules)\n1/0\n")
    environment = bench.environment(PYTHONPATH=str(PROBE.parents[1]))

    done = subprocess.run([sys.executable, "-m", "nexoide.probe", str(path), "a"], env=environment, capture_output=True, text=True, timeout=20, check=False)

    assert done.stdout == f"{[str(path), 'a']} __main__ False\n", done.stderr
    assert "runpy" not in done.stderr
    assert bench.peer.failures()[0]["exceptions"][0]["type"] == "ZeroDivisionError"
    assert subprocess.run([sys.executable, "-m", "nexoide.probe"], env=environment, capture_output=True, check=False).returncode == 2


def test_the_sitecustomize_that_ours_shadows_still_runs(bench: Bench) -> None:
    other = bench.write("other/sitecustomize.py", "import sys\nsys.shadowed = __file__\n")

    done = bench.run("import sys, sitecustomize\nprint(sys.shadowed, sitecustomize.__file__)\n", PYTHONPATH=f"{BOOTSTRAP}:{other.parent}")

    assert done.stdout == f"{other} {other}\n", done.stderr


def test_an_interpreter_that_is_too_old_or_a_broken_probe_changes_nothing(bench: Bench) -> None:
    from pathlib import Path

    for version in ("2.7", "3.6", "3.8"):
        for python in Path.home().glob(f".pyenv/versions/{version}*/bin/python"):
            done = bench.run("import sys\nprint(1)\n", str(python))
            assert (done.stdout, done.stderr) == ("1\n", "")
    broken = bench.write("broken/bootstrap/sitecustomize.py", (BOOTSTRAP / "sitecustomize.py").read_text())
    bench.write("broken/__init__.py", "raise RuntimeError('broken')\n")
    done = bench.run("print(1)\n", PYTHONPATH=str(broken.parent), NEXOIDE_PROBE_DEBUG="")
    assert (done.stdout, done.stderr) == ("1\n", "")
