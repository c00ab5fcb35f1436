"""Themes: every one that is shipped is whole, a broken one is refused in a sentence, `t` reads them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.errors import ConfigError
from nexoide.tui import themes
from nexoide.tui.app import NexoideApp
from tests.tui_fake import Fake, story


def contrast(one: str, two: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", themes.names())
def test_shipped_themes_load_and_can_be_read(name: str) -> None:
    skin = themes.load(name)
    if skin.ansi:
        return
    for ground in ("background", "raised", "cursor", "rest"):
        for colour in ("text", "strong", "quiet", "focus", "waiting", "fail", "ok"):
            assert contrast(skin.colours[colour], skin.colours[ground]) >= 4.0, (colour, ground)
    for ground in ("diff.added", "diff.removed", "diff.added_word", "diff.removed_word"):
        assert contrast(skin.colours["text"], skin.colours[ground]) >= 4.5, ground


def test_the_default_is_first() -> None:
    assert themes.names()[0] == themes.DEFAULT


@pytest.mark.parametrize("text", ["", "not toml [", 'name = "x"\n[colors]\nbackground = "red"\n', "x" * 70_000])
def test_a_broken_theme_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError, match="theme"):
        themes.load("mine", tmp_path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A", "a/b", "missing"])
def test_a_name_that_is_no_theme_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        themes.load(name, tmp_path)


async def test_every_theme_can_be_reached_with_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Fake()
    story(fake)
    app = NexoideApp("kim", lambda: fake)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.1)
        seen = [app.skin.name]
        for _ in themes.names()[1:]:
            await pilot.press("t")
            await pilot.pause(0.05)
            seen.append(app.skin.name)
            assert app.theme == app.skin.name
        assert seen == themes.names()
        await pilot.press("t")
        assert app.skin.name == themes.DEFAULT
