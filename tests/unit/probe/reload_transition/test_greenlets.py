"""Greenlets that are suspended inside old code; runs where greenlet is installed."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.probe.reload_transition.test_transition import Shop

greenlet = pytest.importorskip("greenlet", reason="greenlet is not installed here")


class Switch:
    """What `shop.outer` waits for: it goes back to the greenlet that made this."""

    def __init__(self) -> None:
        self._back = greenlet.getcurrent()

    def wait(self, _: float) -> None:
        """Let the others run."""
        self._back.switch()


def test_a_greenlet_of_another_thread_is_waited_for() -> None:
    shop, results = Shop(), list[Any]()
    ready, go = threading.Event(), threading.Event()

    def run() -> None:
        inside = greenlet.greenlet(shop.outer)
        inside.switch(Switch())
        ready.set()
        go.wait(20)
        results.append(inside.switch())

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(20)
    carried = shop.commit("outer", "inner", when="quiescent", bound_s=0.05)
    assert (carried.state, carried.blockers) == ("blocked", ("A suspended greenlet is inside shop.outer.",))
    threading.Timer(0.05, go.set).start()
    assert shop.commit("outer", "inner").state == "done"
    thread.join(20)
    assert results == [("old", ("old", 1, 2))]


def test_a_greenlet_of_this_thread_is_not_waited_for_and_is_named() -> None:
    shop = Shop()
    inside = greenlet.greenlet(shop.outer)
    inside.switch(Switch())
    carried = shop.commit("outer", "inner", when="quiescent")
    assert carried.blockers == ("A suspended greenlet of the calling thread is inside shop.outer and finishes that call with the old code.",)
    assert inside.switch() == ("old", ("new", 2, 1))
