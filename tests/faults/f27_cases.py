"""Cases of reloads that must not happen in part: each fails somewhere, and the process is as it was, in every structure."""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
import time

from world import World

from nexoide.probe.reload import imports
from nexoide.probe.reload.statements.dispatch import ran
from nexoide.probe.reload.switch import swapping

imports.IMPORT_S = ran.RUN_S = 0.5

ONE = """\
STATE = {"n": 1}
LIMIT = 5


def price(n):
    return n * LIMIT


class Cart:
    rate = 2

    def total(self):
        return self.rate * LIMIT
"""
ONE_NEW = (
    ONE.replace("LIMIT = 5", "LIMIT = 6").replace("n * LIMIT", "n + LIMIT").replace("rate = 2", "rate = 3")
    + "\n\ndef fresh():\n    return 1\n\n\nSTATE['m'] = 2\n"
)
TWO = "from one import price\n\n\ndef cost(n):\n    return price(n) + 1\n\n\nSEEN = []\n\n\ndef mark(f):\n    SEEN.append(f)\n    return f\n"


def _world(**more):
    w = World(one=ONE, two=TWO, **more)
    w.one.STATE["live"] = 1
    return w


def _untouched(w, two, why=""):
    """Refuse a patch of both modules whose second file fails, and check the behaviour as well as the structure."""
    began = time.monotonic()
    sentence = w.refused(one=ONE_NEW, two=two)
    assert time.monotonic() - began < 8
    assert (w.two.cost(2), w.one.LIMIT, w.one.Cart().total(), w.one.STATE) == (11, 5, 10, {"n": 1, "live": 1})
    assert not hasattr(w.one, "fresh")
    assert why in sentence, sentence
    return sentence


def a_syntax_error():
    _untouched(_world(), TWO.replace("return f\n", "return f(\n"), "does not compile")


def an_import_that_fails():
    _untouched(_world(), "import nowhere_at_all\n" + TWO, "nowhere_at_all")
    _untouched(_world_again(), "from one import nothing_of_that_name\n" + TWO, "nothing_of_that_name")


def _world_again():
    for name in ("one", "two"):
        sys.modules.pop(name, None)
    return _world()


def an_initialiser_that_raises():
    _untouched(_world(), TWO + "X = 1 / 0\n", "ZeroDivisionError")


def a_default_that_raises():
    _untouched(_world(), TWO.replace("def cost(n):", "def cost(n, more={}['k']):"), "KeyError")


def a_decorator_that_registers_and_raises():
    both = TWO.replace("    return f\n", "    if f.__name__ == 'broken':\n        raise RuntimeError('no')\n    return f\n")
    w = World(one=ONE, two=both)
    w.one.STATE["live"] = 1
    sentence = w.refused(one=ONE_NEW, two=both + "@mark\ndef good():\n    pass\n\n\n@mark\ndef broken():\n    pass\n")
    assert "RuntimeError" in sentence, sentence
    assert w.two.SEEN == []


def a_statement_that_raises_after_the_swap():
    _untouched(_world(), TWO + "def boom():\n    SEEN.append(1)\n    raise ValueError('late')\n\n\nboom()\n", "ValueError")


def sys_exit_at_import():
    _untouched(_world(), TWO + "def leave():\n    raise SystemExit(1)\n\n\nleave()\n", "SystemExit")


def sys_exit_in_a_new_file():
    w = _world()
    w.texts["three"] = None
    sentence = w.refused(three="import sys\nsys.exit(4)\n", one=ONE_NEW, two="import three\n" + TWO)
    assert "SystemExit" in sentence
    assert "three" not in sys.modules
    assert w.two.cost(2) == 11


def an_endless_loop_in_a_new_file():
    w = _world()
    w.texts["three"] = None
    began = time.monotonic()
    w.refused(three="while True:\n    pass\n", one=ONE_NEW, two="import three\n" + TWO)
    assert time.monotonic() - began < 8
    assert "three" not in sys.modules


def an_endless_loop_in_an_initialiser():
    _untouched(_world(), TWO + "def spin():\n    while True:\n        try:\n            pass\n        except Exception:\n            pass\n\n\nspin()\n")


def an_endless_loop_in_a_constant():
    _untouched(_world(), TWO.replace("SEEN = []", "SEEN = []\nN = [n for n in iter(int, 1)]"))


def a_module_that_deletes_itself():
    w = _world()
    _untouched(w, "import sys\n" + TWO + "sys.modules.pop(__name__)\n", "takes the module itself out")
    assert sys.modules["two"] is w.two


def a_change_that_cannot_be_live_in_the_last_file():
    w = World(one=ONE, two=TWO, three="class S:\n    __slots__ = ('a',)\nlive = S()\n")
    sentence = w.refused(one=ONE_NEW, two=TWO.replace("+ 1", "+ 2"), three="class S:\n    __slots__ = ('a', 'b')\nlive = S()\n")
    assert "restart the program" in sentence
    assert w.two.cost(2) == 11


def a_conflict_with_state_in_the_last_file():
    w = _world()
    w.two.SEEN.append("work")
    sentence = w.refused(one=ONE_NEW, two=TWO.replace("SEEN = []", "SEEN = ['x']"))
    assert "two.SEEN" in sentence
    assert w.two.SEEN == ["work"]


def a_hook_that_raises():
    w = _world()
    _untouched(w, TWO + "def __reload__(old, new):\n    new.SEEN.append('hook')\n    raise RuntimeError('hook')\n", "hook")
    assert w.two.SEEN == []


def a_failure_inside_the_swap_itself():
    w = _world()
    real = swapping.carry_out

    def fail(shared, when, bound, done):
        real(shared, when, bound, done)
        raise MemoryError("in the middle")

    swapping.carry_out = fail
    try:
        _untouched(w, TWO.replace("+ 1", "+ 2"))
    finally:
        swapping.carry_out = real
    w.reload(one=ONE_NEW, two=TWO.replace("+ 1", "+ 2"))
    assert w.two.cost(2) == 10


def suspended_generators_and_coroutines_finish_on_old_code():
    text = "import asyncio\ndef gen():\n    yield 'a1'\n    yield 'a2'\nasync def co(gate):\n    await gate.wait()\n    return 'old'\n"
    w = World(sus=text)
    running = w.sus.gen()
    assert next(running) == "a1"
    before = w.structure()

    async def main():
        gate = asyncio.Event()
        task = asyncio.ensure_future(w.sus.co(gate))
        await asyncio.sleep(0)
        report = w.reload(sus=text.replace("'a", "'b").replace("'old'", "'new'"))
        assert any("sus.co" in item for item in report.blockers) or report.state == "committed"
        gate.set()
        fresh = await w.sus.co(gate)
        return await task, fresh

    assert asyncio.run(main()) == ("old", "new")
    assert (next(running), list(w.sus.gen())) == ("a2", ["b1", "b2"])
    w.reload(sus=text)
    assert list(w.sus.gen()) == ["a1", "a2"]
    assert w.structure() == before


def a_thread_inside_a_function_is_waited_for_or_refused():
    text = "import threading\nIN = threading.Event()\nOUT = threading.Event()\n"
    text += "def work():\n    IN.set()\n    OUT.wait(20)\n    return helper()\ndef helper():\n    return 'old'\n"
    new = text.replace("'old'", "'new'").replace("return helper()", "return helper() * 2")
    w = World(thr=text)
    got = []
    thread = threading.Thread(target=lambda: got.append(w.thr.work()), name="worker-9")
    thread.start()
    w.thr.IN.wait(10)
    before = w.structure()
    report = w.transaction({"thr": new}, when="quiescent", bound=0.3).commit()
    assert (report.ok, report.state) == (False, "refused")
    assert "worker-9" in report.error + " ".join(report.blockers)
    assert w.structure() == before
    w.thr.OUT.set()
    thread.join()
    assert got == ["old"]
    assert w.transaction({"thr": new}, when="quiescent", bound=2.0).commit().state == "committed"
    assert w.thr.work() == "newnew"


def callers_written_in_c_go_on():
    text = "def key(n):\n    return n\ndef double(n):\n    return n * 2\n"
    w = World(ckey=text)
    mapped = map(w.ckey.double, [1, 2, 3])
    reducer = functools.partial(functools.reduce, lambda a, b: w.ckey.double(b))
    lookup = iter(functools.partial(w.ckey.double, 1), None)
    assert (next(mapped), next(lookup)) == (2, 2)
    errors, results, stop = [], [], []

    def sort():
        while not stop:
            try:
                results.append(sorted(range(200), key=w.ckey.key)[:1])
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=sort) for _ in range(4)]
    for thread in threads:
        thread.start()
    now = text
    for number in range(1, 21):
        now = text.replace("return n\n", f"return n * {number}\n").replace("n * 2", f"n * {number + 2}")
        w.reload(ckey=now)
    stop.append(1)
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(result == [0] for result in results)
    assert (next(mapped), next(lookup), reducer([1, 2])) == (44, 22, 44)
    w.reload(ckey=text)
    assert next(mapped) == 6
