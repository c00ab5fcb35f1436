"""A08: a key decides only what was on the screen, long enough, under the hash of the bytes that were shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual import events
from textual.pilot import Pilot

from nexoide.model import event as e
from nexoide.model.patch import patch_digest
from nexoide.tui.app import NexoideApp
from nexoide.tui.screens.home import HomeScreen
from nexoide.tui.screens.patch import PatchScreen
from tests.tui_fake import BILLING, Fake, story


class SteppedClock:
    """Wall time stands still near now; monotonic time moves only when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.steady = 100.0

    def wall(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.steady


@asynccontextmanager
async def opened(fake: Fake, size: tuple[int, int] = (160, 60)) -> AsyncIterator[tuple[NexoideApp, Pilot[int], SteppedClock]]:
    clock = fake.clock
    assert isinstance(clock, SteppedClock)
    app = NexoideApp("kim", lambda: fake, clock=clock)
    async with app.run_test(size=size) as pilot:
        for _ in range(100):
            await pilot.pause(0.02)
            if isinstance(app.screen, HomeScreen) and app.screen.diff.since is not None:
                break
        yield app, pilot, clock


def told() -> Fake:
    fake = Fake(SteppedClock())
    story(fake)
    return fake


def sentence(app: NexoideApp) -> str:
    assert app.front is not None
    return app.front.status.sentence


async def test_keys_typed_ahead_never_approve() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        await pilot.press("enter", "a", "a", "a")
        await pilot.pause(0.06)
        assert isinstance(app.screen, PatchScreen)
        assert fake.commands == []
        clock.steady += 0.29
        await pilot.press("a")
        assert fake.commands == []
        clock.steady += 0.02
        await pilot.press("a")
        await pilot.pause(0.06)
        assert [(action, patch) for action, patch, _ in fake.commands] == [("approve", "P-14")]


async def test_the_approval_names_the_hash_of_the_shown_bytes() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        await pilot.press("a")
        await pilot.pause(0.06)
        (action, patch, command), *more = fake.commands
        assert (action, patch, more) == ("approve", "P-14", [])
        proposed = next(event.body.patch for event in fake.events if isinstance(event.body, e.PatchProposed) and event.body.patch.id == "P-14")
        evidence = tuple(event.body.evidence for event in fake.events if isinstance(event.body, e.EvidenceGathered) and event.body.patch == "P-14")
        assert command.digest == patch_digest(fake.workspace, replace(proposed, evidence=evidence))
        assert command.operator == "kim"
        assert "is live" in sentence(app)


async def test_the_row_that_moves_up_is_not_approved_by_the_same_burst() -> None:
    fake = told()
    async with opened(fake) as (_, pilot, clock):
        clock.steady += 1
        await pilot.press("a", "a", "a", "a")
        await pilot.pause(0.06)
        await pilot.press("a")
        await pilot.pause(0.06)
        assert [patch for _, patch, _ in fake.commands] == ["P-14"]


async def test_bytes_that_are_not_the_patchs_are_neither_shown_nor_approved() -> None:
    fake = told()
    change = fake.state.patches["P-14"].files[0]
    fake.blobs[change.new_sha256] = BILLING.replace("strip()", "strip() or __import__('os').system('true')").encode()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        await pilot.pause(0.06)
        assert isinstance(app.screen, HomeScreen)
        assert app.screen.diff.pinned is None
        assert "other bytes than the patch names" in " ".join(app.screen.diff.message)
        await pilot.press("a", "a")
        await pilot.pause(0.06)
        assert fake.commands == []


async def test_an_announced_hash_that_is_not_the_shown_one_cannot_be_approved() -> None:
    fake = told()
    fake.tell(e.PatchJudged(patch="P-14", confidence=0.99, verdict="review", digest="0" * 64))
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        await pilot.press("a", "a")
        await pilot.pause(0.06)
        assert fake.commands == []
        assert "cannot be approved" in sentence(app)


async def test_a_patch_proposed_anew_under_the_same_id_does_not_replace_what_is_read() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        await pilot.press("enter")
        await pilot.pause(0.06)
        assert isinstance(app.screen, PatchScreen)
        shown = app.screen.diff.pinned
        assert shown is not None
        other = replace(fake.state.patches["P-14"], files=(fake.change("shop/billing.py", BILLING, BILLING + "evil()\n"),), evidence=())
        fake.propose(other)
        fake.judge("P-14", 0.99)
        await pilot.pause(0.15)
        assert app.screen.diff.pinned is shown
        clock.steady += 1
        await pilot.press("a", "a")
        await pilot.pause(0.06)
        assert fake.commands == []
        assert "proposed anew" in sentence(app)


async def test_the_home_preview_that_changes_under_the_finger_waits_again() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        other = replace(fake.state.patches["P-14"], files=(fake.change("shop/billing.py", BILLING, BILLING + "evil()\n"),), evidence=())
        fake.propose(other)
        fake.judge("P-14", 0.99)
        await pilot.press("a")
        await pilot.pause(0.15)
        await pilot.press("a")
        await pilot.pause(0.06)
        assert [command for _, _, command in fake.commands if command.digest == fake.state.patches["P-14"].digest] == []
        assert app.is_running


async def test_lines_not_seen_are_asked_for_once() -> None:
    fake = told()
    lines = "".join(f"value_{number} = {number}\n" for number in range(120))
    fake.propose(replace(fake.state.patches["P-14"], id="P-20", files=(fake.change("long.py", lines, lines.replace("= ", "= 1")),), evidence=(), digest=""))
    fake.judge("P-20", 0.9)
    async with opened(fake, (120, 30)) as (app, pilot, clock):
        await pilot.press("G", "enter")
        await pilot.pause(0.15)
        clock.steady += 1
        await pilot.press("a")
        assert "lines not seen: press a again to approve anyway" in sentence(app)
        assert fake.commands == []
        await pilot.press("a")
        assert fake.commands == []
        for _ in range(30):
            await pilot.press("space")
            await pilot.pause(0.03)  # a page that was never painted was not seen
        await pilot.pause(0.06)
        assert isinstance(app.screen, PatchScreen)
        assert app.screen.diff.unseen == 0
        await pilot.press("a")
        await pilot.pause(0.06)
        assert [patch for _, patch, _ in fake.commands] == ["P-20"]


async def test_revert_from_elsewhere_shows_what_it_would_take_back_first() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        await pilot.press("r")
        assert "P-12 was deployed last: press r to take it back" in sentence(app)
        assert fake.commands == []
        await pilot.press("r")
        await pilot.pause(0.15)
        assert fake.commands == [], "typed before the diff of P-12 was on the screen long enough"
        clock.steady += 1
        await pilot.press("r")
        await pilot.pause(0.06)
        assert [(action, patch) for action, patch, _ in fake.commands] == [("revert", "P-12")]


async def test_revert_of_what_is_shown_takes_one_key() -> None:
    fake = told()
    async with opened(fake) as (_, pilot, clock):
        await pilot.press("tab", "tab")
        await pilot.pause(0.15)
        clock.steady += 1
        await pilot.press("r")
        await pilot.pause(0.06)
        assert [(action, patch) for action, patch, _ in fake.commands] == [("revert", "P-12")]


async def test_reject_takes_one_key() -> None:
    fake = told()
    async with opened(fake) as (_, pilot, clock):
        clock.steady += 1
        await pilot.press("x")
        await pilot.pause(0.06)
        ((action, _, command),) = fake.commands
        assert (action, command.reason) == ("reject", "")


async def test_pasted_text_never_decides() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        app.post_message(events.Paste("aaaaxr\n" * 150_000))
        await pilot.pause(0.06)
        assert fake.commands == []
        await pilot.press("X")
        await pilot.pause(0.05)
        app.screen.post_message(events.Paste("a" * 1_000_000))
        await pilot.pause(0.06)
        await pilot.press("enter")
        await pilot.pause(0.06)
        ((action, _, command),) = fake.commands
        assert action == "reject"
        assert 0 < len(command.reason) <= 400


async def test_a_terminal_too_small_to_show_a_diff_decides_nothing() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, clock):
        clock.steady += 1
        await pilot.resize_terminal(40, 12)
        await pilot.pause(0.06)
        await pilot.press("a", "a", "x", "r")
        await pilot.pause(0.06)
        assert fake.commands == []
        await pilot.resize_terminal(160, 60)
        await pilot.pause(0.06)
        clock.steady += 1
        await pilot.press("a")
        await pilot.pause(0.06)
        assert len(fake.commands) == 1
        assert app.is_running


@pytest.mark.parametrize("size", [(80, 24)])
async def test_a_row_whose_diff_is_not_in_sight_is_not_approved(size: tuple[int, int]) -> None:
    fake = told()
    async with opened(fake, size) as (app, pilot, clock):
        clock.steady += 1
        await pilot.press("a")
        await pilot.pause(0.05)
        assert fake.commands == []
        assert isinstance(app.screen, PatchScreen), "it is opened to be read instead"
        await pilot.press("a")
        assert fake.commands == [], "typed ahead of the view"


async def test_the_second_screen_is_told_what_the_first_decided() -> None:
    fake = told()
    async with opened(fake) as (app, pilot, _):
        await pilot.press("enter")
        await pilot.pause(0.06)
        from nexoide.model.commands import DecideCommand

        await fake.approve("P-14", DecideCommand(digest=fake.state.patches["P-14"].digest, operator="bob"))
        await pilot.pause(0.06)
        assert any(word in sentence(app) for word in ("approved by bob", "is live"))
        assert isinstance(app.screen, PatchScreen)
        assert app.screen.check_action("approve", ()) is False
        assert app.screen.check_action("revert", ()) is True


async def test_on_a_small_terminal_revert_opens_what_it_would_take_back() -> None:
    fake = told()
    async with opened(fake, (80, 24)) as (app, pilot, clock):
        await pilot.press("r")
        clock.steady += 1
        await pilot.press("r")
        await pilot.pause(0.15)
        assert isinstance(app.screen, PatchScreen)
        assert fake.commands == []
        clock.steady += 1
        await pilot.press("r")
        await pilot.pause(0.06)
        assert [(action, patch) for action, patch, _ in fake.commands] == [("revert", "P-12")]
