"""Passes over healed lines are counted exactly, in every thread, until told to stop; and nothing else changes."""

from __future__ import annotations

import time

from tests.unit.probe.peer import Bench

TEXT = '''\
def work(n):
    """Work."""
    if n < 0:
        return None
    total = n + 1
    return total


def outer():
    def inner(n):
        return n * 2
    return inner


async def later(n):
    return n


made = outer()
'''
NEW = "# healed\n" + TEXT.replace("total = n + 1", "total = (\n        n\n        + 2\n    )").replace("n * 2", "n * 3").replace("return n\n", "return -n\n")
MAIN = """\
import shop, threading, asyncio
def many(threads, times):
    def go():
        for n in range(times): shop.work(n)
    ts = [threading.Thread(target=go) for _ in range(threads)]
    for t in ts: t.start()
    for t in ts: t.join()
    return shop.work(1)
"""
SPLIT = """
import os, time
def split():
    pid = os.fork()
    if pid == 0:
        shop.work(1)
        time.sleep(1)
        os._exit(0)
    os.waitpid(pid, 0)
    return pid
"""


def hits(bench: Bench, watch: str) -> int:
    return max((message["hits"] for message in bench.peer.messages if message["t"] == "passes" and message["watch"] == watch), default=-1)


def test_passes_are_counted_over_threads_until_unwatched(bench: Bench, python: str) -> None:
    path = bench.write("shop.py", TEXT)
    program = bench.serve(MAIN, python)
    program.ask("many(1, 10)")

    reply = bench.peer.reload((path, TEXT, NEW), watch={"id": "P-1", "lines": {str(path): [[6, 9]]}})
    assert reply["state"] == "committed", reply["error"]
    assert program.ask("(many(4, 500), shop.work(-1), shop.work.__doc__)") == (3, None, "Work.")
    bench.peer.wait(lambda message: message["t"] == "passes" and message["hits"] == 2001)

    assert bench.peer.reload((path, TEXT, NEW))["state"] == "already"
    bench.peer.send({"t": "unwatch", "watch": "P-1"})
    assert bench.peer.reload((path, TEXT, NEW), dry_run=True)["state"] == "already"
    program.ask("many(1, 100)")
    time.sleep(0.3)
    assert hits(bench, "P-1") == 2001
    assert program.ask("any('nexoide' in str(c) for c in shop.work.__code__.co_consts)") is False

    back = bench.peer.reload((path, NEW, TEXT))
    assert back["state"] == "committed", back["error"]
    assert program.ask("many(1, 1)") == 2


def test_closures_coroutines_and_a_revert_while_watched(bench: Bench, edge: str) -> None:
    path = bench.write("shop.py", TEXT)
    program = bench.serve(MAIN, edge)
    lines = {str(path): [[15, 15], [20, 20]]}
    assert NEW.split("\n")[14].strip() == "return n * 3"
    assert NEW.split("\n")[19].strip() == "return -n"

    assert bench.peer.reload((path, TEXT, NEW), watch={"id": "w", "lines": lines})["ok"]
    assert program.ask("([shop.made(1) for _ in range(7)], shop.outer()(1), asyncio.run(shop.later(4)))") == ([3] * 7, 3, -4)
    bench.peer.wait(lambda message: message["t"] == "passes" and message["hits"] == 8)

    back = bench.peer.reload((path, NEW, TEXT))
    assert back["state"] == "committed", back["error"]
    assert program.ask("(shop.made(1), shop.outer()(1), asyncio.run(shop.later(4)))") == (2, 2, 4)


def test_a_watch_goes_on_over_another_reload_of_its_file(bench: Bench, edge: str) -> None:
    path = bench.write("shop.py", TEXT)
    program = bench.serve(MAIN, edge)
    assert bench.peer.reload((path, TEXT, NEW), watch={"id": "one", "lines": {str(path): [[6, 9]]}})["ok"]
    program.ask("many(1, 10)")
    newer = "# more\n# lines\n" + NEW.replace("return -n", "return n + 5")

    assert bench.peer.reload((path, NEW, newer), watch={"id": "two", "lines": {str(path): [[22, 22]]}})["ok"]
    assert program.ask("(many(1, 10), asyncio.run(shop.later(1)))") == (3, 6)

    bench.peer.wait(lambda message: message["t"] == "passes" and message["watch"] == "one" and message["hits"] == 22)
    bench.peer.wait(lambda message: message["t"] == "passes" and message["watch"] == "two" and message["hits"] == 1)


def test_totals_come_at_most_five_times_a_second(bench: Bench) -> None:
    path = bench.write("shop.py", TEXT)
    program = bench.serve(MAIN + "import time\ndef steady():\n    until = time.monotonic() + 1\n    while time.monotonic() < until: shop.work(1)\n")
    assert bench.peer.reload((path, TEXT, NEW), watch={"id": "w", "lines": {str(path): [[6, 9]]}})["ok"]

    program.ask("steady()")

    assert 3 <= len([message for message in bench.peer.messages if message["t"] == "passes"]) <= 8


SHAPES = """\
def plain(n):
    return sum([x for x in range(n)])


def several(n):
    return dict(
        a=n,
        b=[x for x in range(n)],
    )


def looped(n):
    out = []
    for x in range(n):
        out.append(x)
    return out


def finished(n):
    try:
        if n > 2:
            return 1
    finally:
        n = n + 1
    return n


def generator(n):
    while n:
        n -= 1
        yield (n +
               1)


def main():
    return plain(4), several(4), looped(4), finished(1), finished(5), list(generator(4))
"""


def test_a_statement_of_any_shape_counts_once_each_time_it_runs(bench: Bench, edge: str) -> None:
    path = bench.write("shop.py", SHAPES)
    program = bench.serve("import shop", edge)
    wanted: dict[str, tuple[list[int], int]] = {
        "plain": ([2, 2], 1),
        "several": ([6, 9], 1),
        "finally": ([24, 24], 2),
        "body": ([15, 15], 4),
        "yield": ([32, 33], 4),
        "header": ([5, 5], 1),
    }
    for name, (lines, _count) in wanted.items():
        assert bench.peer.reload((path, SHAPES, SHAPES), watch={"id": name, "lines": {str(path): [lines]}})["state"] == "already"
    program.ask("shop.main()")

    for name in wanted:
        bench.peer.wait(lambda message, name=name: message["t"] == "passes" and message["watch"] == name and message["hits"] > 0)  # type: ignore[misc]
    time.sleep(0.3)
    assert {name: hits(bench, name) for name in wanted} == {name: count for name, (_, count) in wanted.items()}


def test_the_child_of_a_fork_counts_from_zero(bench: Bench, edge: str) -> None:
    path = bench.write("shop.py", TEXT)
    program = bench.serve(MAIN + SPLIT, edge)
    program.ask("many(1, 1)")
    assert bench.peer.reload((path, TEXT, NEW), watch={"id": "P-1", "lines": {str(path): [[6, 9]]}})["state"] == "committed"
    program.ask("many(1, 39)")
    bench.peer.wait(lambda message: message["t"] == "passes" and message["hits"] == 40)
    program.ask("split()")
    bench.peer.wait(lambda message: message["t"] == "passes" and message["hits"] == 1)
    assert hits(bench, "P-1") == 40
