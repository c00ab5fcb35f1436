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
    assert (hello["v"], hello["token"], hello["target"], hello["pid"]) == (3, "token-1", "shop", process.pid)
    assert (hello["python"], hello["implementation"], hello["free_threaded"]) == (sys.version.split()[0], "cpython", False)
    assert hello["argv"][-3:] == ["--token", "«redacted:token»", "--name=x"]
    assert hello["cwd"] == str(bench.folder)
    assert hello["start_time"] > 0


def test_failures_of_the_time_without_a_supervisor_are_told_and_counted_when_it_is_back(bench: Bench) -> None:
    program = bench.serve(ASKED)
    assert program.ask("fail(1)") is None
    bench.peer.failures(1)
    bench.peer.down()
    assert program.ask("[fail(n) for n in range(2, 6)] and 1") == 1
    bench.peer.up()

    assert bench.peer.total(5) == 5
    failures = bench.peer.failures(2)
    assert len(failures) == 2
    assert len([m for m in bench.peer.messages if m["t"] == "hello"]) == 2


def test_a_flood_of_one_kind_is_told_once_and_counted_exactly(bench: Bench) -> None:
    program = bench.serve(ASKED)
    assert program.ask("len([fail(n) for n in range(5000)])") == 5000

    assert bench.peer.total(5000) == 5000
    sent = bench.peer.wait(lambda message: message["t"] == "failure")
    assert len({message["key"] for message in sent}) == 1
    assert sum(message["dropped"] for message in sent) == 0


def test_a_flood_without_a_supervisor_is_kept_as_counts(bench: Bench) -> None:
    bench.peer.down()
    program = bench.serve(ASKED)
    assert program.ask("len([fail(n) for n in range(3000)])") == 3000
    bench.peer.up()

    assert bench.peer.total(3000) == 3000
    (sample,) = bench.peer.failures()
    assert sample["exceptions"][0]["message"] == "0"


def test_what_was_counted_when_the_supervisor_went_is_told_to_the_next(bench: Bench) -> None:
    program = bench.serve(ASKED)
    program.ask("fail(0)")
    bench.peer.failures()
    for _ in range(3):
        bench.peer.down()
        before = bench.peer.counted()
        assert program.ask("len([fail(n) for n in range(50)])") == 50
        bench.peer.up()
        assert bench.peer.total(before + 50) == before + 50


def test_threads_that_fail_at_once_lose_nothing(bench: Bench) -> None:
    done = bench.run(
        ASKED + "import threading\nthreads = [threading.Thread(target=lambda: [fail(n) for n in range(2000)]) for _ in range(8)]\n"
        "for t in threads: t.start()\nfor t in threads: t.join()\n"
    )

    assert done.returncode == 0, done.stderr
    assert bench.peer.total(16_000) == 16_000


def test_many_kinds_are_told_apart_and_too_many_are_said_as_dropped(bench: Bench) -> None:
    kinds = "".join(f"def f{n}(): raise ValueError('x')\n" for n in range(5000))
    done = bench.run(
        ASKED + kinds + "reporting = sys.modules['_nexoide_probe.reporting']\nreporting._new.per_second = 10**6\n"
        "def go(n):\n    try:\n        globals()[f'f{n}']()\n    except ValueError:\n        logging.getLogger('x').exception('x')\n"
        "for n in range(5000): go(n)\nfor n in range(5000): go(n)\n"
    )

    assert done.returncode == 0, done.stderr
    assert bench.peer.total(10_000) == 10_000
    sent = [message for message in bench.peer.messages if message["t"] == "failure"]
    assert len({message["key"] for message in sent}) == 4096
    assert sum(message["dropped"] for message in bench.peer.messages if "dropped" in message) == 2 * (5000 - 4096)


def test_code_that_is_compiled_anew_each_time_is_one_kind(bench: Bench) -> None:
    done = bench.run(
        ASKED + "for n in range(6000):\n    try:\n        exec('def f():\\n    raise KeyError(1)\\nf()')\n"
        "    except KeyError:\n        logging.getLogger('x').exception('x')\n"
    )

    assert done.returncode == 0, done.stderr
    assert bench.peer.total(6000) == 6000
    assert len({message["key"] for message in bench.peer.messages if message["t"] == "failure"}) == 1


def test_messages_that_differ_in_words_are_told_apart_and_values_are_not(bench: Bench) -> None:
    bench.run(
        ASKED + "for n in range(30): fail(f'order {n} has no price')\nfor n in range(30): fail(f'customer {n} has no name')\n"
        "for word in 'abcdefghijklmnopqrstuvwxyz': fail(f'{word} is wrong')\n"
    )

    assert bench.peer.total(86) == 86
    first = {message["failure"]["exceptions"][0]["message"] for message in bench.peer.messages if message["t"] == "failure"}
    assert {"order 0 has no price", "customer 0 has no name", "a is wrong"} <= first
    assert len(first) == 8


def test_a_sample_is_sent_anew_once_in_a_while(bench: Bench) -> None:
    program = bench.serve(ASKED)
    program.ask("fail('one 1')")
    program.ask("fail('one 2')")
    program.ask("__import__('time').sleep(1.01)")
    program.ask("fail('one 3')")

    assert bench.peer.total(3) == 3
    assert [failure["exceptions"][0]["message"] for failure in bench.peer.failures(2)] == ["one 1", "one 3"]


def test_the_first_failure_is_out_before_the_program_is_killed(bench: Bench) -> None:
    process = bench.start("-c", ASKED + "import os, signal, time\ntime.sleep(0.5)\nfail(1)\nos.kill(os.getpid(), signal.SIGKILL)\n")

    process.wait(10)
    assert bench.peer.failures()[0]["exceptions"][0]["message"] == "1"


def test_a_supervisor_that_stops_reading_holds_nobody_up(bench: Bench) -> None:
    program = bench.serve(ASKED + "import threading\n")
    bench.peer.wait(lambda message: message["t"] == "hello")
    with bench.peer.stopped():
        begun = time.monotonic()
        assert program.ask("len([fail('x' * 1900 + ' ' + chr(97 + n // 26) + chr(97 + n % 26)) for n in range(600)])") == 600
        assert program.ask("len([fail(n) for n in range(3000)])") == 3000
        assert time.monotonic() - begun < 5
    assert bench.peer.total(3600) == 3600


def test_without_a_supervisor_a_failing_program_ends_at_once(bench: Bench) -> None:
    bench.peer.down()

    done = bench.run(
        "import sys, time\nlink = sys.modules['_nexoide_probe.start']._link\nflush = link.flush\n"
        "def timed(seconds, always=False):\n    begun = time.monotonic()\n    flush(seconds)\n    print(time.monotonic() - begun)\n"
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
