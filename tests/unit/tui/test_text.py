"""The door: what is cut, wrapped and filled has the width it claims."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nexoide.tui.text import Line, Style, cell_width, chop, clean, cut, draw, wrap

BOLD = Style(bold=True)
WORDS = st.text(st.sampled_from("ab é漢🙂\u0301 "), max_size=60)


@given(WORDS, st.integers(4, 40))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    for line in wrap(Line(text), width, 2):
        assert line.width == cell_width(line.plain)
        assert line.width <= width


@given(WORDS, st.integers(2, 30))
def test_chopping_loses_nothing(text: str, width: int) -> None:
    parts = chop(Line(text).add(text, BOLD), width)
    assert "".join(part.plain for part in parts) == clean(text) * 2
    assert all(part.width <= width for part in parts)


@given(WORDS, st.integers(0, 30))
def test_cut_lines_fit_and_say_so(text: str, width: int) -> None:
    line = Line(text)
    short = cut(line, width)
    assert short.width <= width
    assert short.plain == line.plain or width == 0 or short.plain.endswith("…")


def test_a_line_ends_with_what_must_be_seen() -> None:
    line = Line("a long title that has to give way").ends(Line("0.93", BOLD), 20)
    assert line.width == 20
    assert line.plain.endswith("… 0.93")


def test_drawing_fills_with_the_ground() -> None:
    strip = draw(Line("ab"), 6, Style(bgcolor="red"))
    assert strip.text == "ab    "
    assert all(segment.style is not None and segment.style.bgcolor is not None for segment in strip)
