"""What a transition does when something is in its way: it waits up to a bound, says who it is, and finishes or undoes."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import make_dataclass
from functools import partial
from typing import Any

import pytest

from nexoide.probe.reload.commit import Operations
from nexoide.probe.reload.switch import transition
from nexoide.probe.reload.switch.transition import Carried, Swap, arrange, carry_back, carry_out

OLD = """
def outer(gate):
    gate.wait(20)
    return ("old", inner(1, 2))

def inner(a, b):
    return ("old", a, b)

def numbers():
    while True:
        yield inner(1, 2)

async def waits(gate):
    await gate.wait()
    return ("old", inner(1, 2))

def gone():
    return "gone"
"""
NEW = OLD.replace('"old"', '"new"').replace("(a, b)", "(b, a)").replace("inner(1, 2)", "inner(2, 1)")


class Shop:
    """A module of functions, and a way to bring it to its other text."""

    def __init__(self) -> None:
        self.module = types.ModuleType("shop")
        exec(compile(OLD, "shop.py", "exec"), self.module.__dict__)
        self.codes = {code.co_name: code for code in compile(NEW, "shop.py", "exec").co_consts if isinstance(code, types.CodeType)}

    def __getattr__(self, name: str) -> Any:
        return self.module.__dict__[name]

    def commit(self, *names: str, when: str = "auto", bound_s: float = 20.0, first: Operations | None = None, gone: bool = False) -> Carried:
        """Swap functions by name."""
        swaps = [Swap(self.module.__dict__[name], f"shop.{name}", {"__code__": self.codes[name]}) for name in names]
        removals = [(self.module, "gone", "shop", "gone")] if gone else []
        return carry_out(first or Operations(), swaps, Operations(), when, bound_s, threading.get_ident(), removals=removals)

    def state(self) -> dict[str, Any]:
        """Return all that can be told from outside."""
        functions = {name: item for name, item in vars(self.module).items() if isinstance(item, types.FunctionType)}
        return {**vars(self.module), **{f"{name}()": (item.__code__, item.__defaults__) for name, item in functions.items()}}


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def inside(shop: Shop) -> Iterator[Callable[[], Any]]:
    """A thread that is inside `shop.outer` until the result is asked for."""
    gate, results = threading.Event(), []
    worker = threading.Thread(target=lambda: results.append(shop.outer(gate)), name="worker-3")
    worker.start()
    while shop.outer.__code__ not in [frame.f_code for frame in _frames(worker)]:
        time.sleep(0.001)

    def finish() -> Any:
        gate.set()
        worker.join(20)
        return results[0]

    yield finish
    finish()


def _frames(thread: threading.Thread) -> Iterator[types.FrameType]:
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        yield frame
        frame = frame.f_back


def test_a_call_under_way_finishes_whole_on_the_old_version(shop: Shop, inside: Callable[[], Any]) -> None:
    results: list[Any] = []
    timer = threading.Timer(0.1, lambda: results.extend([shop.inner(2, 1), inside()]))
    timer.start()
    carried = shop.commit("outer", "inner")
    timer.join(20)
    assert (carried.state, carried.blockers) == ("done", ())
    assert carried.waited_ms >= 50
    assert results == [("new", 1, 2), ("old", ("old", 1, 2))]  # in the same moment: a call from elsewhere is new, below the old one it is old
    assert shop.inner.__code__ is shop.codes["inner"]


def test_at_the_bound_it_is_finished_and_said_who_goes_on_with_old_code(shop: Shop, inside: Callable[[], Any]) -> None:
    carried = shop.commit("outer", "inner", bound_s=0.05)
    assert carried.state == "mixed"
    assert carried.blockers == ("Thread worker-3 is inside shop.outer and finishes that call with the old code.",)
    assert 50 <= carried.waited_ms < 5000
    assert shop.inner.__code__ is shop.codes["inner"]
    assert inside() == ("old", ("new", 2, 1))


def test_a_patch_that_must_be_quiescent_is_put_back_at_the_bound(shop: Shop, inside: Callable[[], Any]) -> None:
    before = shop.state()
    first = Operations()
    first.bind(shop.module, "LIMIT", 5)
    carried = shop.commit("outer", "inner", when="quiescent", bound_s=0.05, first=first, gone=True)
    assert (carried.state, carried.blockers) == ("blocked", ("Thread worker-3 is inside shop.outer.",))
    assert shop.state() == before
    assert inside() == ("old", ("old", 1, 2))


def test_now_waits_for_nobody(shop: Shop, inside: Callable[[], Any]) -> None:
    carried = shop.commit("outer", "inner", when="now")
    assert carried.state == "mixed"
    assert inside() == ("old", ("new", 2, 1))


def test_one_body_alone_is_swapped_at_once_and_several_wait(shop: Shop, inside: Callable[[], Any]) -> None:
    assert shop.commit("outer").waited_ms < shop.commit("numbers", "inner", bound_s=0.05).waited_ms + 50
    assert shop.outer.__code__ is shop.codes["outer"]
    assert inside() == ("old", ("new", 2, 1))


def test_a_name_that_running_old_code_may_look_up_is_kept(shop: Shop, inside: Callable[[], Any]) -> None:
    removals = [(shop.module, name, "shop", name) for name in ("inner", "gone")]
    swap = Swap(shop.outer, "shop.outer", {"__code__": shop.codes["outer"]})
    carried = carry_out(Operations(), [swap], Operations(), "auto", 0.05, threading.get_ident(), removals=removals)
    assert [removal[1] for removal in carried.kept] == ["inner"]
    assert "inner" in vars(shop.module)
    assert "gone" not in vars(shop.module)
    inside()


def test_generators_that_nobody_advances_are_not_waited_for_and_are_counted(shop: Shop) -> None:
    held = [shop.numbers() for _ in range(3)]
    assert [next(item) for item in held] == [("old", 1, 2)] * 3
    carried = shop.commit("numbers", "inner")
    assert carried.state == "mixed"
    assert carried.blockers == ("3 suspended calls of shop.numbers will finish with the old code.",)
    assert carried.waited_ms < 5000
    assert next(shop.numbers()) == ("new", 1, 2)


def test_a_generator_that_is_dropped_is_no_longer_in_the_way(shop: Shop) -> None:
    held = [shop.numbers()]
    next(held[0])
    threading.Timer(0.1, held.clear).start()
    assert shop.commit("numbers", "inner", when="quiescent").state == "done"


def test_coroutines_of_another_thread_are_waited_for_and_those_of_this_one_are_not(shop: Shop) -> None:
    async def other() -> Any:
        gate = asyncio.Event()
        task = asyncio.ensure_future(shop.waits(gate))
        await asyncio.sleep(0.15)
        gate.set()
        return await task

    async def mine() -> tuple[Carried, Any]:
        gate = asyncio.Event()
        task = asyncio.ensure_future(shop.waits(gate))
        await asyncio.sleep(0)
        carried = shop.commit("waits", "inner", when="quiescent")
        gate.set()
        return carried, await task

    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(other())))
    thread.start()
    time.sleep(0.05)
    carried, result = asyncio.run(mine())
    thread.join(20)
    assert results == [("old", ("old", 1, 2))]
    assert carried.state == "mixed"
    assert carried.blockers == ("1 suspended call of shop.waits, on the event loop of the calling thread, will finish with the old code.",)
    assert result == ("old", ("new", 2, 1))


def test_the_calling_threads_own_calls_are_not_waited_for(shop: Shop) -> None:
    class Gate:
        def wait(self, _: float) -> None:
            self.carried = shop.commit("outer", "inner", when="quiescent")

    gate = Gate()
    assert shop.outer(gate) == ("old", ("new", 2, 1))
    assert gate.carried.state == "mixed"
    assert gate.carried.blockers == ("The calling thread is inside shop.outer and finishes that call with the old code.",)


def test_an_assignment_that_fails_leaves_everything_as_it_was(shop: Shop) -> None:
    for place in range(2):
        before, parts, collecting = shop.state(), (Operations(), Operations()), gc.isenabled()
        parts[place].bind(shop.module, "EXTRA", 1)
        parts[place].do(partial(int, "no number"), partial(int, "1"))
        swaps = [Swap(shop.module.__dict__[name], name, {"__code__": shop.codes[name]}) for name in ("outer", "inner", "numbers")]
        with pytest.raises(ValueError, match="no number"):
            carry_out(parts[0], swaps, parts[1], "auto", 20, threading.get_ident())
        assert shop.state() == before
        assert gc.isenabled() is collecting
        assert transition._active == []


def test_defaults_change_together_with_the_code(shop: Shop) -> None:
    made = compile("def inner(a, b=7, *, c=8): return (a, b, c)", "shop.py", "exec")
    code = next(item for item in made.co_consts if isinstance(item, types.CodeType))
    swap = Swap(shop.inner, "shop.inner", {"__code__": code, "__defaults__": (7,), "__kwdefaults__": {"c": 8}})
    held = partial(shop.inner, 1)
    carried = carry_out(Operations(), [swap], Operations(), "auto", 20, threading.get_ident())
    assert held() == (1, 7, 8)
    assert carry_back(carried, 20, threading.get_ident()).state == "done"
    assert shop.inner(1, 2) == ("old", 1, 2)
    assert (shop.inner.__defaults__, shop.inner.__kwdefaults__) == (None, None)


def test_what_is_carried_out_and_back_again_and_again_is_as_it_was(shop: Shop) -> None:
    before, limit = shop.state(), sys.getrecursionlimit()
    for _ in range(10):
        carried = shop.commit("outer", "inner", "numbers", "waits", gone=True)
        assert carried.state == "done"
        assert "gone" not in vars(shop.module)
        assert carry_back(carried, 20, threading.get_ident()).state == "done"
        assert shop.state() == before
    assert sys.getrecursionlimit() == limit


def test_a_function_whose_place_is_taken_leads_there_and_its_name_is_bound_last(shop: Shop) -> None:
    before, held, operations = shop.state(), shop.inner, Operations()

    def decorated(*args: int) -> Any:
        return ("decorated", *args)

    operations.bind(shop.module, "inner", decorated)
    operations.bind(shop.module, "LIMIT", 5)
    first, swaps, last = arrange(operations, {}, [(shop.inner, decorated, "shop.inner")])
    assert [entry.key[2] for part in (first, last) for entry in part.entries if entry.key] == ["LIMIT", "inner"]
    carried = carry_out(first, swaps, last, "auto", 20, threading.get_ident())
    assert held(3) == shop.inner(3) == ("decorated", 3)
    assert carry_back(carried, 20, threading.get_ident()).state == "done"
    assert shop.state() == before


def test_generated_methods_change_for_old_calls_only_when_these_are_done() -> None:
    one, two = make_dataclass("Item", ["a", "b"]), make_dataclass("Item", ["b", "a"])
    operations = Operations()
    operations.bind(one, "__init__", vars(two)["__init__"])
    before = one.__dict__["__init__"]
    code = before.__code__
    first, swaps, last = arrange(operations, {}, [])
    assert ([swap.passing for swap in swaps], len(first), len(last)) == ([True], 0, 1)
    carried = carry_out(first, swaps, last, "auto", 20, threading.get_ident())
    assert (carried.state, before.__code__) == ("done", code)
    assert one(1, 2).__dict__ == {"b": 1, "a": 2}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_child_of_a_fork_in_the_midst_is_on_the_old_version(shop: Shop, inside: Callable[[], Any]) -> None:
    codes = {name: shop.module.__dict__[name].__code__ for name in ("outer", "inner")}
    status: list[int] = []

    def fork() -> None:
        while not transition._active:
            time.sleep(0.001)
        pid = os.fork()
        if pid == 0:
            transition.forked()
            whole = all(shop.module.__dict__[name].__code__ is code for name, code in codes.items())
            os._exit(0 if whole and gc.isenabled() else 1)
        status.append(os.waitpid(pid, 0)[1])
        inside()

    forker = threading.Thread(target=fork)
    forker.start()
    assert shop.commit("outer", "inner").state == "done"
    forker.join(20)
    assert status == [0]
