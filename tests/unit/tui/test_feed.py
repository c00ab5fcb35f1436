"""The feed: everything is folded once, told at most twenty times a second, and a broken stream is said and taken up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

from nexoide.clock import SystemClock
from nexoide.errors import UnavailableError
from nexoide.model import event as e
from nexoide.tui.feed import Feed, Part
from tests.tui_fake import Fake, story


def feed_of(told: list[frozenset[Part]], events: list[e.Event] | None = None) -> Feed:
    return Feed(SystemClock(), told.append, (events if events is not None else []).append)


async def test_a_burst_is_told_in_few_steps() -> None:
    fake, told = Fake(), []
    story(fake)
    feed = feed_of(told)
    task = asyncio.create_task(feed.run(fake))
    await asyncio.sleep(0.12)
    for _ in range(200):
        fake.happen("I-3", fake.clock.wall(), 1)
    await asyncio.sleep(0.2)
    task.cancel()
    feed.close()
    assert feed.state.seq == len(fake.events)
    assert feed.state.incidents == fake.state.incidents
    assert feed.connection.state == "connected"
    assert 1 <= len(told) <= 7
    assert "incidents" in told[-1]
    assert "thoughts" not in told[-1]


async def test_events_are_folded_once_and_old_news_is_not_told() -> None:
    fake, news = Fake(), []
    story(fake)
    feed = feed_of([], news)
    feed._live_after = fake.clock.wall() + 1
    for event in fake.events + fake.events:
        feed.fold(event)
    feed.close()
    assert feed.state.patches == fake.state.patches
    assert feed.state.incidents == fake.state.incidents
    assert news == []


class Breaking(Fake):
    """Breaks after two events, says so, and goes on from where it was asked to."""

    asked: list[int]

    async def stream(self, after: int, on_state: Callable[[Literal["connected", "lost"]], None] | None = None) -> AsyncIterator[e.Event]:
        self.asked.append(after)
        if on_state:
            on_state("connected")
        for event in self.events[after : after + 2]:
            yield event
        raise UnavailableError("The supervisor went away.")


async def test_a_broken_stream_is_said_and_taken_up_where_it_ended(monkeypatch: Any) -> None:
    monkeypatch.setattr("nexoide.tui.feed._RETRY_SECONDS", (0.01,))
    fake = Breaking()
    fake.asked = []
    story(fake)
    feed = feed_of([])
    task = asyncio.create_task(feed.run(fake))
    states = set()
    for _ in range(200):
        await asyncio.sleep(0.005)
        states.add((feed.connection.state, feed.connection.why))
        if feed.state.seq >= 8:
            break
    task.cancel()
    feed.close()
    assert fake.asked[:4] == [0, 2, 4, 6]
    assert ("lost", "The supervisor went away.") in states


async def test_a_supervisor_that_ended_stays_ended_until_it_is_back() -> None:
    fake = Fake()
    feed = feed_of([])
    fake.tell(e.SupervisorStarted(pid=1, version="0", workspace="/w", project="p", branch="main", policy="review", has_git=True))
    fake.tell(e.SupervisorStopped(reason="asked"))
    for event in fake.events:
        feed.fold(event)
    feed.connect("lost")
    assert feed.connection.state == "ended"
    feed.connect("connected")
    assert feed.connection.state == "connected"
    feed.close()


async def test_a_stop_of_an_earlier_supervisor_is_history() -> None:
    fake = Fake()
    feed = feed_of([])
    started = e.SupervisorStarted(pid=1, version="0", workspace="/w", project="p", branch="main", policy="review", has_git=True)
    fake.tell(started)
    fake.tell(e.SupervisorStopped(reason="asked"))
    fake.tell(started)
    feed.connect("connected")
    for event in fake.events:
        feed.fold(event)
    assert feed.connection.state == "connected"
    feed.close()
