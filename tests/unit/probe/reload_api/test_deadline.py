"""The time limit for the program's own code: it ends what does not end, and leaves nothing behind."""

from __future__ import annotations

from textwrap import dedent

from tests.unit.probe.reload_api.conftest import Alone

HEAD = """
import sys, threading, time
from nexoide.probe.reload import deadline
from nexoide.probe.reload.deadline import Overdue, within
def forever():
    while True:
        pass
"""


def test_an_endless_loop_is_ended_also_where_it_swallows_that(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        HEAD
        + dedent("""
        swallowed = 0
        def stubborn():
            global swallowed
            while swallowed < 3:
                try:
                    forever()
                except BaseException:
                    swallowed += 1
        def limited(work):
            begun = time.monotonic()
            limit = within(0.1)
            try:
                with limit:
                    work()
                print('ended', limit.overdue, time.monotonic() - begun < 3)
            except Overdue as error:
                print(error, limit.overdue, 0.1 <= time.monotonic() - begun < 3)
        limited(forever)
        limited(stubborn)
        limited(lambda: None)
        thread = threading.Thread(target=limited, args=(forever,))
        thread.start()
        thread.join()
        print(isinstance(Overdue(), Exception))
        """),
    )

    assert printed.splitlines() == [
        "it took longer than it may True True",
        "ended True True",
        "ended False True",
        "it took longer than it may True True",
        "False",
    ]


def test_no_interruption_comes_after_the_block(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        HEAD
        + dedent("""
        import random
        deadline.TICK_S = 0.00005
        sys.setswitchinterval(1e-5)
        def busy(seconds):
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                pass
        def once():
            try:
                with within(0.0003):
                    busy(random.uniform(0.0002, 0.0006))
            except Overdue:
                return 1
            return 0
        def after():
            return [n for n in range(150)]
        hits = stray = 0
        for _ in range(1500):
            try:
                hits += once()
                after()
            except Overdue:
                stray += 1
        try:
            busy(0.1)
        except Overdue:
            stray += 1
        time.sleep(0.1)
        print(50 < hits < 1450, stray, deadline._armed, deadline._running.locked())
        """),
    )

    assert printed == "True 0 {} False\n"


def test_blocks_may_be_nested_and_the_outer_one_ends_the_inner(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        HEAD
        + dedent("""
        inner, outer = within(60), within(0.1)
        try:
            with outer:
                with inner:
                    forever()
        except Overdue:
            print('ended', inner.overdue, outer.overdue)
        inner, outer = within(0.1), within(60)
        try:
            with outer:
                try:
                    with inner:
                        forever()
                except Overdue:
                    print('inner', inner.overdue, outer.overdue)
                print('goes on')
        except Overdue:
            print('outer')
        """),
    )

    assert printed.splitlines() == ["ended False True", "inner True False", "goes on"]


def test_it_costs_next_to_nothing_and_its_thread_does_not_stay(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        HEAD
        + dedent("""
        import os
        def cost():
            times = []
            for _ in range(300):
                begun = time.perf_counter()
                with within(5):
                    pass
                times.append(time.perf_counter() - begun)
            return sorted(times)[150]
        print(cost() < 0.0001)
        time.sleep(0.2)
        print(len(os.listdir('/proc/self/task')), 'ctypes' in sys.modules)
        """),
    )

    assert printed.splitlines() == ["True", "1 False"]


def test_the_child_of_a_fork_has_its_own_limit(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        HEAD
        + dedent("""
        import os
        with within(5):
            child = os.fork()
            if not child:
                try:
                    with within(0.1):
                        forever()
                except Overdue:
                    os._exit(7)
        print(os.waitpid(child, 0)[1] >> 8)
        """),
        None,
        "-W",
        "ignore",
    )

    assert printed == "7\n"
