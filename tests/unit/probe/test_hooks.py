"""Every place in which a program gives up on an exception is seen, once, and the program notices nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.model.codec import from_builtins
from nexoide.model.failure import Failure
from tests.unit.probe.peer import Bench

EVERYTHING = """\
import asyncio, gc, logging, socketserver, sys, threading

def thread():
    raise KeyError("in thread")

t = threading.Thread(target=thread, name="worker-7"); t.start(); t.join()

async def lost():
    raise ValueError("in task")

async def main():
    task = asyncio.ensure_future(lost())
    await asyncio.sleep(0.01)
    del task
    gc.collect()

asyncio.run(main())

log = logging.getLogger("shop.orders")
try:
    raise LookupError("logged")
except LookupError as error:
    log.exception("order %s of %d failed", "A1", 7)
    log.error("again", exc_info=error)
    log.warning("not a failure", exc_info=True)

silent = logging.getLogger("silent"); silent.propagate = False
handler = logging.StreamHandler(); handler.setLevel(logging.CRITICAL); silent.addHandler(handler)
try:
    {}["gone"]
except KeyError:
    silent.exception("nobody prints this")

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        raise OSError(5, "in server")

server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
import socket
client = socket.create_connection(server.server_address)
server.handle_request(); client.close(); server.server_close()

class Dying:
    def __del__(self):
        raise RuntimeError("in del")
Dying()

try:
    raise SystemExit(3)
except SystemExit:
    log.exception("leaving is no failure")

def deepest(order):
    total = order["sum"]
    return total / 0

deepest({"sum": 3})
"""


def test_every_hook_reports_once_and_in_order(bench: Bench, python: str) -> None:
    done = bench.run(EVERYTHING, python)

    assert done.returncode == 1, done.stderr
    bench.peer.wait(lambda message: message["t"] == "failure" and message["failure"]["source"] == "main")
    seen = [from_builtins(failure, Failure) for failure in bench.peer.failures()]
    told = [(failure.source, failure.exceptions[0].type, failure.exceptions[0].message) for failure in seen]
    assert told == [
        ("thread", "KeyError", "'in thread'"),
        ("task", "ValueError", "in task"),
        ("log", "LookupError", "logged"),
        ("log", "KeyError", "'gone'"),
        ("server", "OSError", "[Errno 5] in server"),
        ("unraisable", "RuntimeError", "in del"),
        ("main", "ZeroDivisionError", "division by zero"),
    ]
    assert (seen[0].thread, seen[2].logger, seen[2].log_message) == ("worker-7", "shop.orders", "order A1 of 7 failed")
    last = seen[-1].exceptions[0].frames[-1]
    assert (last.function, last.source, Path(last.file).name) == ("deepest", "return total / 0", "script.py")
    assert last.locals["total"].repr == "3"
    assert last.locals["order"].repr == "{'sum': 3}"


@pytest.mark.parametrize("text", [EVERYTHING, "import sys\nsys.exit(7)\n", "raise KeyboardInterrupt\n", "def f():\n    raise ValueError('x')\nf()\n"])
def test_the_program_prints_and_exits_as_if_alone(bench: Bench, text: str) -> None:
    path = bench.write("script.py", text)
    alone = subprocess.run([sys.executable, str(path)], cwd=bench.folder, capture_output=True, text=True, check=False, env={"PATH": ""})

    under = bench.run(text)

    def lines(output: str) -> list[str]:
        return [line for line in output.splitlines() if " at 0x" not in line and "Exception occurred during processing" not in line]

    assert (under.returncode, under.stdout, lines(under.stderr)) == (alone.returncode, alone.stdout, lines(alone.stderr))


def test_a_hook_that_the_program_installs_later_works_and_loses_nothing(bench: Bench) -> None:
    chained = bench.run("import sys\nold = sys.excepthook\ndef mine(*a):\n    print('mine')\n    old(*a)\nsys.excepthook = mine\n1/0\n")
    unchained = bench.run("import sys\nsys.excepthook = lambda *a: print('alone')\n[][1]\n")

    assert (chained.stdout, chained.returncode, "ZeroDivisionError" in chained.stderr) == ("mine\n", 1, True)
    assert (unchained.stdout, unchained.returncode) == ("alone\n", 1)
    assert [failure["exceptions"][0]["type"] for failure in bench.peer.failures(2)] == ["ZeroDivisionError", "IndexError"]


def test_log_records_keep_the_place_of_their_call(bench: Bench) -> None:
    done = bench.run("import logging\nlogging.basicConfig(format='%(filename)s:%(lineno)d %(funcName)s')\ndef f():\n    logging.error('x')\nf()\n")

    assert done.stderr == "script.py:4 f\n"


def test_a_child_of_multiprocessing_and_a_fork_report_for_themselves(bench: Bench, python: str) -> None:
    done = bench.run(
        """\
import multiprocessing, os, sys, warnings
warnings.simplefilter("error")

def work():
    raise ValueError("in child")

if __name__ == "__main__":
    for method in ("fork", "spawn"):
        child = multiprocessing.get_context(method).Process(target=work)
        child.start(); child.join()
        print(method, child.exitcode, flush=True)
    pid = os.fork()
    if not pid:
        import threading
        t = threading.Thread(target=work); t.start(); t.join()
        raise RuntimeError("forked")
    os.waitpid(pid, 0)
    raise KeyError("parent")
""",
        python,
    )

    assert (done.stdout, done.returncode) == ("fork 1\nspawn 1\n", 1), done.stderr
    failures = bench.peer.failures(5)
    assert [failure["exceptions"][0]["message"] for failure in failures] == ["in child", "in child", "in child", "forked", "'parent'"]
    assert len({failure["pid"] for failure in failures}) == 4
    assert failures[-1]["pid"] != failures[-2]["pid"]
    assert "DeprecationWarning" not in done.stderr


def test_a_prebuilt_exception_raised_anew_after_a_while_is_a_new_failure(bench: Bench) -> None:
    bench.run(
        """\
import logging, sys
reporting = sys.modules["_nexoide_probe.reporting"]
error = ValueError("again")
for reporting.MARK_S in (60.0, 60.0, 0.0):
    try:
        raise error
    except ValueError:
        logging.exception("x")
"""
    )

    assert bench.peer.total(2) == 2
