"""The error feed: what a row says, what is listed in which order, what is hidden, and what ten thousand incidents cost."""

from __future__ import annotations

import time
from dataclasses import replace

from nexoide.model import event as e
from nexoide.tui.app import NexoideApp
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.widgets.document import Document
from nexoide.tui.widgets.errors import Errors, Failing
from tests.tui_fake import ROOT, Fake
from tests.tui_incidents import bad_night


def errors_of(app: NexoideApp) -> Errors:
    screen = app.screen
    assert isinstance(screen, HomeScreen)
    return screen.errors


def night() -> Fake:
    fake = Fake()
    bad_night(fake)
    return fake


def drawn(errors: Errors, key: str, width: int = 80) -> str:
    row = next(row for row in errors.rows if row.key == key)
    return "\n".join(line.plain for line in errors.draw_row(row, width, False))


async def test_a_row_says_class_severity_state_and_whom_it_hits() -> None:
    fake = night()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause(0.2)
        errors = errors_of(app)
        rich = drawn(errors, "I-3")
        assert "missing attribute · 'Completion' object has no attri" in rich
        assert "orders, worker" in rich
        assert "POST /orders +1" in rich
        critical = drawn(errors, "I-6")
        assert critical.startswith("▲ MemoryError")
        assert "critical · memory" in critical
        assert "came back" in drawn(errors, "I-1")
        assert "POST" not in drawn(errors, "I-3", 46), "there is no room for routes beside the message"


async def test_what_fails_stands_first_then_what_is_resolved_and_hidden_ones_are_told_of_in_the_title() -> None:
    fake = night()
    fake.tell(e.IncidentMoved(incident="I-5", state="resolved", note="by hand"))
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        errors = errors_of(app)
        order = [row.key for row in errors.rows]
        assert order == ["I-1", "I-2", "I-3", "I-4", "I-6", "I-7", "I-8", "I-9", "I-11", "I-5"]
        assert errors.title().plain == "Errors  8 failing  2 hidden"
        await pilot.press("tab", "h")
        assert [row.key for row in errors.rows] == [*order, "I-10", "I-12"]
        assert "2 more shown" in errors.title().plain
        await pilot.press("h")
        assert [row.key for row in errors.rows] == order


async def test_a_row_that_moves_takes_the_cursor_with_it_and_none_comes_under_it() -> None:
    fake = night()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("tab", "j", "j", "j")
        errors = errors_of(app)
        assert errors.current is not None
        assert errors.current.key == "I-3"
        for other in ("I-1", "I-5", "I-3"):
            fake.tell(e.IncidentMoved(incident=other, state="resolved", note="by hand"))
            await pilot.pause(0.1)
            assert errors.current.key == "I-3", f"{other} was resolved"
        assert [row.key for row in errors.rows][-3:] == ["I-1", "I-5", "I-3"]


async def test_the_filter_finds_class_route_target_and_host() -> None:
    fake = night()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        errors = errors_of(app)
        for needle, found in (
            ("Missing Attribute", ["I-3"]),
            ("receipt", ["I-3"]),
            ("WEB-2", ["I-3"]),
            ("web ", ["I-8"]),
            ("came back", ["I-1"]),
            ("critical", ["I-6"]),
        ):
            errors.set_filter(needle)
            assert [row.key for row in errors.rows] == found, needle
        errors.set_filter("utcnow")
        assert errors.rows == []
        assert "hidden" in " ".join(errors.empty())


def crowd(number: int) -> Fake:
    fake = Fake()
    fake.tell(e.SupervisorStarted(pid=9, version="0.1.0", workspace=ROOT, project="shop", branch="main", policy="review", has_git=True))
    now = fake.clock.wall()
    for index in range(1, number + 1):
        fake.fail(index, "orders", f"Error{index % 50}", f"message {index}", f"shop/m{index % 100}.py", index, "run", now - 500)
    for name in fake.state.incidents:
        fake.state.rate[name] = {int(now) - second: 1 for second in range(600)}
    return fake


async def test_a_frame_costs_what_is_in_sight_and_not_what_there_is() -> None:
    fake, few = crowd(10_000), crowd(40)
    app = NexoideApp("kim", Fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        errors = errors_of(app)

        def frame(fake: Fake) -> float:
            app.feed.state = fake.state
            best = float("inf")
            for _ in range(8):
                fake.happen("I-3", time.time(), 1)
                began = time.process_time()
                errors.show(fake.state, time.time())
                for y in range(errors.size.height):
                    errors.render_line(y)
                errors.changes_in(time.time())
                best = min(best, time.process_time() - began)
            return best

        small, large = frame(few), frame(fake)
        assert len(errors.rows) == 10_000
        assert large < small + 0.05, f"{small * 1000:.1f} ms with 40, {large * 1000:.1f} ms with 10,000"


async def test_the_help_begins_with_the_keys_of_the_screen_that_it_stands_on() -> None:
    fake = night()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        for keys, title in (([], "Home"), (["escape", "tab", "enter"], "An incident")):
            await pilot.press(*keys)
            await pilot.pause(0.2)
            await pilot.press("question_mark")
            await pilot.pause(0.2)
            assert app.screen.query_one(Document).line_at(0, 90)[0].plain.strip() == title


async def test_a_message_of_several_lines_is_one_row_and_what_no_line_is_known_of_says_whose_it_is() -> None:
    fake = night()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        errors, incident = errors_of(app), app.feed.state.incidents["I-3"]
        said = replace(incident, file="", message="assert 3 == 4\n +  where 3 = add(1, 2)", sample=replace(incident.sample, exceptions=()))
        row = "\n".join(line.plain for line in errors.draw_row(Failing(said), 100, False))
        assert "assert 3 == 4 + where 3 = add(1, 2)" in row
        assert "outside" not in row
        assert next(iter(incident.routes)) in row
