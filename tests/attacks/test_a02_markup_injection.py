"""A02: square brackets are text. No markup is parsed, no action is made of it, nothing crashes on it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.model import event as e
from nexoide.tui.app import NexoideApp
from nexoide.tui.text import Line, Style, draw, label
from tests.tui_fake import ROOT, Fake, story
from tests.tui_hostile import MARKUP

ALPHABET = st.sampled_from(
    ["[", "]", "[/", "[/]", "[b]", "[red]", "[@click=app.detach]", "[$x]", "\\", "\\[", "a", " ", "link=", "=", "'", '"', "[[", "[/nope]"]
)


@given(st.lists(ALPHABET, max_size=20).map("".join))
def test_brackets_are_drawn_as_they_are(text: str) -> None:
    assert label(text).plain == text
    assert label(text).spans == []
    assert Line(text).plain == text
    assert draw(Line(text), 400, Style()).text.rstrip() == text.rstrip()
    assert all(segment.style is None or not segment.style.meta for segment in draw(Line(text), 400, Style()))


@pytest.mark.parametrize(
    "keys", [[], ["enter"], ["tab", "enter"], ["slash", *"[red]", "escape"], ["x", *"[/nope]", "enter"], ["ctrl+p"], ["question_mark"], ["l"]]
)
async def test_no_screen_stumbles_over_markup(keys: list[str]) -> None:
    fake = Fake()
    story(fake)
    hostile = f"{MARKUP} [/] [unclosed"
    incident = next(iter(fake.state.incidents.values()))
    fake.tell(e.TargetChanged(target=fake.state.targets["orders"].__class__(name=hostile, command=(hostile,), state="attached")))
    fake.fail(9, hostile, hostile, hostile, hostile, 1, hostile, fake.clock.wall())
    fake.think(fake.clock.wall(), "saw", hostile, incident.id, agent=hostile)
    patch = fake.state.patches["P-14"]
    fake.tell(
        e.PatchProposed(
            patch=patch.__class__(
                id="P-90",
                incident="I-9",
                target=hostile,
                title=hostile,
                rationale=hostile,
                rule=hostile,
                author=hostile,
                base_commit="",
                files=patch.files,
                proposed_at=1.0,
            )
        )
    )
    fake.later = [e.Notice(level="info", text=hostile)]
    fake.logs["orders"] = [hostile]
    app = NexoideApp(hostile, lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        await pilot.press(*keys)
        await pilot.pause(0.3)
        await asyncio.sleep(0)
        assert app.is_running
        assert "[@click" in app.export_screenshot() or "@click" in app.export_screenshot() or keys
    assert app.return_code in {None, 0}
    assert fake.workspace == ROOT
