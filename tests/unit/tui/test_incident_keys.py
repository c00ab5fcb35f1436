"""Keys about incidents: each acts on the one that is shown, asks where it must, and says what the supervisor says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from nexoide.model import event as e
from nexoide.tui.app import NexoideApp
from nexoide.tui.screens.choose import ChooseScreen
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.screens.incident import IncidentScreen
from nexoide.tui.screens.patch import PatchScreen
from nexoide.tui.widgets.keybar import KeyBar
from tests.tui_fake import Fake
from tests.tui_incidents import bad_night


class SteppedClock:
    """Wall time stands still; monotonic time moves only when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.steady = 100.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.steady


@asynccontextmanager
async def opened(size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[NexoideApp, Pilot[int], Fake, SteppedClock]]:
    clock = SteppedClock()
    fake = Fake(clock)
    bad_night(fake)
    app = NexoideApp("kim", lambda: fake, clock=clock)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        for _ in range(100):
            await pilot.pause(0.02)
            if isinstance(app.screen, HomeScreen) and app.screen.errors.rows:
                break
        yield app, pilot, fake, clock


def home(app: NexoideApp) -> HomeScreen:
    screen = app.screen
    assert isinstance(screen, HomeScreen)
    return screen


def sentence(app: NexoideApp) -> str:
    assert app.front is not None
    return app.front.status.sentence


def seen(app: NexoideApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def settled(pilot: Pilot[int]) -> None:
    for worker in [worker for worker in pilot.app.workers if worker.group in {"incident", "similar"}]:
        await worker.wait()
    await pilot.pause(0.1)


async def test_i_ignores_the_row_under_the_cursor_and_it_leaves_the_list() -> None:
    async with opened() as (app, pilot, fake, _):
        await pilot.press("tab")
        await pilot.press("i")
        await settled(pilot)
        assert [(name, command.action, command.operator) for name, command in fake.said] == [("I-1", "ignore", "kim")]
        assert "I-1" not in [row.key for row in home(app).errors.rows]
        assert sentence(app) == "I-1 is ignored. h lists it."


async def test_a_key_pressed_while_another_row_came_under_the_cursor_does_nothing() -> None:
    async with opened() as (app, pilot, fake, clock):
        await pilot.press("tab")
        fake.tell(e.IncidentMoved(incident="I-1", state="ignored", note="by bob"), actor="operator:bob")
        await pilot.pause(0.15)
        current = home(app).errors.current
        assert current is not None
        assert current.key == "I-2"
        await pilot.press("i", "m", "s", "R")
        await settled(pilot)
        assert fake.said == []
        assert not isinstance(app.screen, ChooseScreen)
        clock.steady += 1.0
        await pilot.press("j", "i")
        await settled(pilot)
        assert [name for name, _ in fake.said] == ["I-5"]


async def test_the_page_is_about_one_incident_whatever_happens_meanwhile() -> None:
    async with opened() as (app, pilot, fake, _):
        app.open_incident("I-3")
        await pilot.pause(0.1)
        await settled(pilot)
        fake.tell(e.IncidentMoved(incident="I-1", state="ignored", note="by bob"), actor="operator:bob")
        fake.fail(40, "orders", "KeyError", "'x'", "shop/new.py", 1, "new", 1_790_000_000.0)
        await pilot.pause(0.1)
        await pilot.press("i")
        await settled(pilot)
        assert [(name, command.action) for name, command in fake.said] == [("I-3", "ignore")]
        assert "ignored" in seen(app)
        await pilot.press("i")
        await settled(pilot)
        assert [(name, command.action) for name, command in fake.said][1:] == [("I-3", "reopen")]


async def test_resolving_by_hand_is_asked_once_and_escape_drops_the_question() -> None:
    async with opened() as (app, pilot, fake, clock):
        app.open_incident("I-4")
        await pilot.pause(0.1)
        await pilot.press("R")
        assert "press R again" in sentence(app)
        await pilot.press("R")
        assert fake.said == [], "a key that repeats is no answer"
        await pilot.press("escape")
        assert isinstance(app.screen, IncidentScreen)
        assert sentence(app) == ""
        clock.steady += 1.0
        await pilot.press("R")
        clock.steady += 1.0
        await pilot.press("R")
        await settled(pilot)
        assert [(name, command.action) for name, command in fake.said] == [("I-4", "resolve")]
        assert "resolved" in seen(app)
        clock.steady += 1.0
        await pilot.press("R")
        clock.steady += 1.0
        await pilot.press("R")
        await settled(pilot)
        assert fake.said[-1][1].action == "reopen"


async def test_a_question_about_one_row_is_no_question_about_the_next() -> None:
    async with opened() as (app, pilot, fake, clock):
        await pilot.press("tab")
        await pilot.press("R")
        clock.steady += 1.0
        await pilot.press("j", "R")
        assert sentence(app).startswith("I-2 TypeError: press R again to resolve it")
        assert fake.said == []


async def test_a_refusal_is_said_as_the_supervisor_says_it() -> None:
    async with opened() as (app, pilot, _, clock):
        app.open_incident("I-2")
        await pilot.pause(0.1)
        await pilot.press("R")
        clock.steady += 1.0
        await pilot.press("R")
        await settled(pilot)
        assert sentence(app) == "I-2 is on probation: wait for its outcome, or take its patch back."


async def test_merging_chooses_the_other_one_from_a_list_the_likest_first() -> None:
    async with opened() as (app, pilot, fake, _):
        app.open_incident("I-4")
        await pilot.pause(0.1)
        await pilot.press("m")
        await pilot.pause(0.1)
        screen = app.screen
        assert isinstance(screen, ChooseScreen)
        keys = [row.key for row in screen.choices.rows]
        assert keys[0] in {"I-2", "I-8"}, "TypeErrors first"
        assert "I-4" not in keys
        assert "I-12" not in keys, "it is merged itself"
        await pilot.press("slash", *"connection reset", "enter")
        await pilot.press("enter")
        await settled(pilot)
        assert [(name, command.action, command.into) for name, command in fake.said] == [("I-4", "merge", "I-11")]
        assert "merged into I-11" in seen(app)
        assert "i ignore" not in app.screen.query_one(KeyBar)._line.plain, "a merged one has no state of its own"
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, IncidentScreen)
        assert app.screen.acted_on() == fake.state.incidents["I-11"]


async def test_leaving_the_list_merges_nothing_and_a_merge_into_what_changed_is_not_sent() -> None:
    async with opened() as (app, pilot, fake, _):
        app.open_incident("I-4")
        await pilot.pause(0.1)
        await pilot.press("m", "escape")
        await pilot.press("m")
        await pilot.pause(0.1)
        fake.tell(e.IncidentMerged(incident="I-4", into="I-1"), actor="operator:bob")
        await pilot.pause(0.15)
        await pilot.press("enter")
        await settled(pilot)
        assert fake.said == []
        assert "changed while you chose" in sentence(app)


async def test_splitting_chooses_by_what_and_undoes_merges() -> None:
    async with opened() as (app, pilot, fake, _):
        app.open_incident("I-11")
        await pilot.pause(0.1)
        await pilot.press("s")
        await pilot.pause(0.1)
        screen = app.screen
        assert isinstance(screen, ChooseScreen)
        assert [row.key for row in screen.choices.rows] == ["undo", "message", "route", "target", "caller"]
        await pilot.press("enter")
        await settled(pilot)
        assert [(name, command.action, command.by) for name, command in fake.said] == [("I-11", "split", "")]
        assert fake.state.incidents["I-12"].state == "open"
        await pilot.press("s", "j", "enter")
        await settled(pilot)
        assert fake.said[-1][1].by == "route"


async def test_tab_marks_what_can_be_opened_and_enter_opens_it() -> None:
    async with opened((80, 24)) as (app, pilot, _, __):
        app.open_incident("I-3")
        await pilot.pause(0.1)
        await settled(pilot)
        await pilot.press("tab")
        await pilot.pause(0.05)
        assert "▌ I-1  AttributeError" in seen(app), "it was brought into sight"
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, IncidentScreen)
        assert "came back" in seen(app)
        await pilot.press("escape")
        await pilot.press("tab", "enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, PatchScreen)


async def test_folding_keys_show_more_and_less() -> None:
    async with opened((80, 24)) as (app, pilot, _, __):
        app.open_incident("I-3")
        await pilot.pause(0.1)
        await pilot.press("f")
        assert "site-packages/routing" in seen(app)
        await pilot.press("f", "v")
        assert "basket  dict" in seen(app)
        await pilot.press("v", "g")
        assert "basket  dict" not in seen(app)


async def test_nothing_is_sent_while_the_supervisor_is_away_or_the_terminal_is_tiny() -> None:
    async with opened() as (app, pilot, fake, _):
        app.open_incident("I-3")
        await pilot.pause(0.1)
        await pilot.resize_terminal(30, 8)
        await pilot.press("i")
        await pilot.resize_terminal(120, 36)
        fake.lose()
        await pilot.pause(0.15)
        await pilot.press("i", "R", "m", "s")
        await settled(pilot)
        assert fake.said == []
        assert isinstance(app.screen, IncidentScreen)


async def test_what_others_say_of_incidents_is_told() -> None:
    async with opened() as (app, pilot, fake, _):
        fake.clock.now += 1  # type: ignore[attr-defined]
        fake.tell(e.IncidentMerged(incident="I-7", into="I-4"), actor="operator:bob")
        await pilot.pause(0.15)
        assert sentence(app) == "I-7 was merged into I-4 by bob"
        fake.tell(e.IncidentMoved(incident="I-4", state="ignored", note=""), actor="operator:bob")
        await pilot.pause(0.15)
        assert sentence(app) == "I-4 was ignored by bob"


async def test_an_incident_that_is_not_there_yet_says_so() -> None:
    async with opened() as (app, pilot, _, __):
        app.open_incident("I-999")
        await pilot.pause(0.1)
        assert "There is no incident I-999" in seen(app)
        await pilot.press("i", "R", "m", "s", "f", "v", "tab", "enter", "l")
        await pilot.pause(0.1)
        assert isinstance(app.screen, IncidentScreen)
