"""A failed call made again in a forked copy: with the patch and without, and nothing of it reaches the program or the world."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.unit.probe.peer import Bench, Program

_ids = itertools.count(5000)
MAIN = """\
import logging, threading, time
from orders import total, store, later, Cart, keep, spin, locked
LOG = logging.getLogger("shop")
CART = Cart()


def fail(function, *arguments, **named):
    try:
        function(*arguments, **named)
    except Exception:
        LOG.exception("it failed")
        return "failed"
    return "fine"


threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""
ORDERS = """\
import threading

SEEN = []
HELD = threading.Lock()


def price(item):
    found = {"tea": 3}.get(item)


def total(items, *, rate=1, **more):
    SEEN.append(1)
    return sum(price(item) * rate for item in items)


def store(path, items):
    with open(path, "w") as stream:
        stream.write(str(total(items)))


def keep(path, items):
    amount = total(items)
    open(path, "w").write(str(amount))
    return amount


async def later(items):
    return total(items)


def spin(items):
    total(items)
    while True:
        pass


def locked(items):
    amount = total(items)
    with HELD:
        return amount


class Cart:
    rate = 2

    def sum(self, items):
        return total(items, rate=self.rate)
"""
FIXED = ORDERS.replace('    found = {"tea": 3}.get(item)', '    return {"tea": 3}.get(item)')


def again(bench: Bench, error: dict[str, Any], new: str = FIXED, path: Path | None = None, seconds: float = 1.0) -> dict[str, Any]:
    number = next(_ids)
    where = path or bench.folder / "orders.py"
    files = [{"path": str(where), "base": ORDERS, "new": new}]
    bench.peer.send({"t": "replay", "id": number, "files": files, "error": error, "seconds": seconds})
    return bench.peer.wait(lambda message: message["t"] == "reply" and message["id"] == number)[0]


def serve(bench: Bench, python: str, replay: str = "1") -> Program:
    bench.write("orders.py", ORDERS)
    path = bench.write("main.py", MAIN + Program.LOOP)
    return Program(bench.start(str(path), python=python, NEXOIDE_PROBE_REPLAY=replay))


def raised(bench: Bench, count: int = 1) -> dict[str, Any]:
    last = bench.peer.failures(count)[-1]["exceptions"][0]
    frame = next(frame for frame in reversed(last["frames"]) if frame["file"].endswith("orders.py"))
    return {"type": last["type"], "file": frame["file"], "line": frame["line"]}


def test_the_call_fails_without_the_patch_and_returns_with_it(bench: Bench, python: str) -> None:
    program = serve(bench, python)
    assert program.ask("fail(CART.sum, ['tea', 'tea'])") == "failed"
    error = raised(bench)
    reply = again(bench, error)
    assert reply["state"] == "replayed", reply
    rows = {row["function"]: row for row in reply["replays"]}
    assert rows["total"]["before"]["outcome"] == "raised"
    assert rows["total"]["before"]["type"] == "TypeError"
    assert (rows["total"]["after"]["outcome"], rows["total"]["after"]["value"]) == ("returned", "12"), reply
    assert program.ask("len(__import__('orders').SEEN)") == 1, "the program itself was not touched"
    assert program.ask("fail(CART.sum, ['tea'])") == "failed", "and does not run the patch"


def test_a_wrong_patch_still_raises(bench: Bench, edge: str) -> None:
    program = serve(bench, edge)
    program.ask("fail(total, ['tea'])")
    reply = again(bench, raised(bench), ORDERS.replace("rate=1", "rate=2"))
    assert reply["replays"][0]["after"]["outcome"] == "raised"


def test_a_coroutine_is_run_to_its_end(bench: Bench, edge: str) -> None:
    program = serve(bench, edge)
    program.ask("fail(lambda: __import__('asyncio').run(later(['tea'])))")
    reply = again(bench, raised(bench))
    assert reply["replays"][-1]["function"] == "later"
    assert reply["replays"][-1]["after"]["value"] == "3", reply


@pytest.mark.parametrize("name", ["keep", "store"])
def test_nothing_is_written_and_that_is_said(bench: Bench, edge: str, tmp_path: Path, name: str) -> None:
    program, out = serve(bench, edge), tmp_path / "out"
    program.ask(f"fail({name}, {str(out)!r}, ['tea'])")
    out.unlink(missing_ok=True)
    rows = again(bench, raised(bench))["replays"]
    assert rows[0]["after"]["outcome"] == "returned"
    assert (rows[1]["function"], rows[1]["after"]["outcome"]) == (name, "not replayable"), rows
    assert "open" in rows[1]["after"]["why"]
    assert not out.exists()


def test_an_endless_call_and_a_held_lock_are_ended_by_the_alarm(bench: Bench, edge: str) -> None:
    program = serve(bench, edge)
    program.ask("fail(spin, ['tea'])")
    first = again(bench, raised(bench), seconds=0.3)["replays"]
    assert first[1]["after"]["outcome"] == "not replayable"
    program.ask("__import__('orders').HELD.acquire()")
    program.ask("fail(locked, ['tea'])")
    second = again(bench, raised(bench, 2), seconds=0.3)["replays"]
    assert second[1]["after"]["outcome"] == "not replayable"
    assert program.ask("1 + 1") == 2


def test_nothing_is_kept_where_it_is_not_wanted(bench: Bench, edge: str) -> None:
    program = serve(bench, edge, replay="0")
    program.ask("fail(total, ['tea'])")
    reply = again(bench, raised(bench))
    assert reply["state"] == "not_replayable"
    assert "not kept" in reply["notes"][0]


def test_no_child_is_left_and_the_link_lives_on(bench: Bench, edge: str) -> None:
    program = serve(bench, edge)
    program.ask("fail(total, ['tea'])")
    error = raised(bench)
    for _ in range(5):
        reply = again(bench, error)
        assert reply["replays"][0]["after"]["outcome"] == "returned", str(reply)
    children = Path(f"/proc/{program.process.pid}/task/{program.process.pid}/children").read_text()
    assert children.strip() == ""
    assert len([message for message in bench.peer.messages if message["t"] == "hello"]) == 1


def test_a_program_that_watches_its_children_is_not_forked(bench: Bench, edge: str) -> None:
    program = serve(bench, edge)
    program.ask("__import__('signal').signal(__import__('signal').SIGCHLD, lambda *_: None) and 1")
    program.ask("fail(total, ['tea'])")
    reply = again(bench, raised(bench))
    assert "children" in reply["notes"][0]


@pytest.mark.parametrize("bad", [{"type": "TypeError", "file": "/x"}, {"type": 1, "file": "/x", "line": 1}, {"type": "T", "file": "/x", "line": "1"}, None])
def test_a_malformed_question_is_refused(bench: Bench, bad: Any) -> None:
    program = serve(bench, __import__("sys").executable)
    program.ask("fail(total, ['tea'])")
    bench.peer.failures()
    assert not again(bench, bad)["ok"]
