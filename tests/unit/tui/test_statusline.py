"""The strip of targets: who is in trouble and why, before who is well; what does not fit is counted."""

from __future__ import annotations

from typing import Any

import pytest

from nexoide.model import event as e
from nexoide.model.target import TargetStatus
from nexoide.tui.app import NexoideApp
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.widgets.statusline import StatusLine
from tests.tui_fake import Fake

GIVEN_UP = {
    "state": "given_up",
    "restarts": 4,
    "note": "given up after 5 starts within 10 s: crash exited with code 1 at once (0.2 s): no database configured; it crashes in a loop; mend it",
}


async def strip(width: int, **targets: dict[str, Any]) -> str:
    fake = Fake()
    for name, what in targets.items():
        fake.tell(e.TargetChanged(target=TargetStatus(name=name, command=("python", name), **what)))
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(width, 36)) as pilot:
        for _ in range(100):
            await pilot.pause(0.05)
            if len(app.feed.state.targets) == len(targets):
                break
        assert isinstance(app.screen, HomeScreen)
        line = app.screen.query_one(StatusLine)
        line.show(app.feed.state, fake.clock.wall())
        return line.render_line(0).text.rstrip()


async def test_a_long_reason_hides_no_other_target_and_nothing_is_said_twice() -> None:
    said = await strip(120, web={"state": "attached", "pid": 7}, crash=GIVEN_UP, db={"state": "attached", "pid": 8})
    assert said.startswith(" ✗ crash given up after 5 starts within 10 s: crash exited")
    assert "…" in said
    assert said.endswith("● web pid 7   ● db pid 8")


async def test_there_is_room_for_all_of_it_on_a_wide_screen() -> None:
    said = await strip(240, web={"state": "attached", "pid": 7, "restarts": 1}, crash=GIVEN_UP)
    assert said == f" ● web pid 7 · 1 restart   ✗ crash {GIVEN_UP['note']}"


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_those_that_do_not_fit_are_counted(width: int) -> None:
    said = await strip(width, **{f"worker{number}": {"state": "attached", "pid": 1000 + number} for number in range(30)}, crash=GIVEN_UP)
    assert said.startswith(" ✗ crash given up after 5 starts")
    assert len(said) <= width
    left = said.rpartition("+")[2]
    assert left == f"{31 - said.count('●') - 1} more"


async def test_an_unwell_target_says_so_first() -> None:
    said = await strip(200, api={"state": "running", "pid": 32, "health": "unwell", "health_note": "GET /health answered 503", "restarts": 2})
    assert said == " ● api unwell: GET /health answered 503 · pid 32 · no probe · 2 restarts"
