"""The screen as an operator uses it: lists stay still, the tail is followed, filters filter, keys are offered when they work."""

from __future__ import annotations

import re
from pathlib import Path

from nexoide.model import event as e
from nexoide.model.commands import DecideCommand
from nexoide.tui import keys
from nexoide.tui.app import NexoideApp
from nexoide.tui.run import prepare_terminal
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.screens.patch import PatchScreen
from nexoide.tui.widgets.keybar import KeyBar
from nexoide.tui.widgets.pipeline import STAGES, Pipeline
from tests.tui_fake import Fake, story


def home(app: NexoideApp) -> HomeScreen:
    screen = app.screen
    assert isinstance(screen, HomeScreen)
    return screen


def told() -> Fake:
    fake = Fake()
    story(fake)
    return fake


async def test_live_activity_never_moves_the_row_under_the_cursor() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.15)
        await pilot.press("tab", "tab", "j")
        live = home(app).live
        assert live.current is not None
        key, place = live.current.key, live.cursor * live.row_height - live.top
        fake.decide("reject", "P-15", DecideCommand(digest="", operator="bob"))
        await pilot.pause(0.15)
        assert live.rows[0].key == "P-15"
        assert live.current.key == key
        assert live.cursor * live.row_height - live.top == place or live.top == 0


async def test_the_tail_is_followed_until_somebody_scrolls_up() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.15)
        thoughts = home(app).thoughts
        for _ in range(200):  # a busy machine takes its time to lay the first state out
            if thoughts.last_top:
                break
            await pilot.pause(0.02)
        thoughts.focus()
        assert thoughts.top == thoughts.last_top > 0
        await pilot.press("k", "k")
        top = thoughts.top
        for number in range(5):
            fake.think(fake.clock.wall(), "saw", f"more {number}")
        await pilot.pause(0.15)
        assert thoughts.top == top
        assert "5 new ↓" in thoughts.aside().plain
        await pilot.press("G")
        assert thoughts.top == thoughts.last_top
        assert thoughts.aside().plain == ""


async def test_the_filter_filters_and_escape_shows_all() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.15)
        await pilot.press("slash", *"cart", "enter")
        assert [row.key for row in home(app).inbox.rows] == []
        await pilot.press("slash", "ctrl+u", *"discount")
        assert [row.key for row in home(app).inbox.rows] == ["P-15"]
        await pilot.press("escape")
        assert [row.key for row in home(app).inbox.rows] == ["P-14", "P-15"]
        assert app.focused is home(app).inbox


async def test_only_what_is_possible_is_offered() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        bar = app.screen.query_one(KeyBar)
        assert "approve" in bar._line.plain
        assert "r revert" in bar._line.plain, "there is a deployed patch that it leads to"
        await pilot.press("tab", "tab")
        await pilot.pause(0.1)
        assert "approve" not in bar._line.plain
        assert "r revert" in bar._line.plain
        fake.lose()
        await pilot.pause(0.15)
        assert "revert" not in bar._line.plain
        assert "reconnecting" in home(app).query_one("#header")._line.plain  # type: ignore[attr-defined]


async def test_every_key_of_the_table_is_bound_shown_in_the_help_and_in_the_palette() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause(0.2)
        offered = {command.title.partition("  ")[0] for command in app.get_system_commands(app.screen)}
        assert {"approve", "reject", "open", "diff", "log", "find", "help", "theme", "detach"} <= offered
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(app.screen, PatchScreen)
        for scope in ("patch", "app"):
            for key in keys.KEYMAP[scope]:  # type: ignore[index]
                name = re.split(r"\(", key.action)[0]
                assert any(hasattr(node, f"action_{name}") for node in (app.screen, app)), key
        await pilot.press("question_mark")
        await pilot.pause(0.1)
        words = "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Approve the selected patch" in words


async def test_detaching_ends_with_zero_and_closes_the_client() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        await pilot.press("q")
    assert app.return_value == 0
    assert fake.closed


async def test_nothing_ticks_where_nothing_shown_depends_on_the_clock() -> None:
    fake = Fake()
    fake.tell(e.SupervisorStarted(pid=1, version="0", workspace="/w", project="p", branch="main", policy="review", has_git=True), at=fake.clock.wall() - 4000)
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.15)
        assert app._ticker is not None
        assert app._ticker._interval > 1.0  # the uptime alone, once a minute
        story(fake)
        await pilot.pause(0.15)
        assert app._ticker._interval <= 1.0


async def test_split_and_unified_show_the_same_change() -> None:
    fake = told()
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause(0.15)
        await pilot.press("enter")
        await pilot.pause(0.15)
        screen = app.screen
        assert isinstance(screen, PatchScreen)
        assert screen.diff.mode == "split"
        both = {row.right.text for row in screen.diff._rows if row.right} | {row.left.text for row in screen.diff._rows if row.left}
        await pilot.press("s")
        assert screen.diff.mode == "unified"
        assert {row.right.text for row in screen.diff._rows if row.right} == both
        await pilot.resize_terminal(90, 30)
        await pilot.pause(0.05)
        assert screen.diff.unseen >= 0


def test_the_pipeline_fits_every_width() -> None:
    for width in range(22, 240):
        rows, gap = Pipeline.rows_at(width)
        assert [stage for row in rows for stage in row] == list(STAGES)
        assert gap >= 2
        if width > 30:
            assert all(sum(len(stage) + gap for stage in row) <= width for row in rows)


def test_a_slow_line_gets_no_animation() -> None:
    environment = {"SSH_CONNECTION": "1 2 3 4"}
    prepare_terminal(environment)
    assert environment["TEXTUAL_ANIMATIONS"] == "none"
    local: dict[str, str] = {}
    prepare_terminal(local)
    assert local == {}


def test_no_file_of_the_screen_is_too_long() -> None:
    tui = Path(keys.__file__).parent
    assert max(len(path.read_text(encoding="utf-8").splitlines()) for path in tui.rglob("*.py")) <= 400
