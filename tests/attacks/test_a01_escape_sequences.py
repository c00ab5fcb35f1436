"""A01: nothing that others write reaches the terminal as anything but visible text."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.tui.text import Line, clean, cut, draw, label, wrap
from nexoide.tui.themes import load
from tests.tui_hostile import PAYLOADS, mix
from tests.tui_pty import Terminal

ROOT = Path(__file__).resolve().parents[2]
TUI = ROOT / "nexoide" / "tui"
POINTER = re.compile(rb"\x1b\]22;[a-z-]+\x07")  # Textual's own: the shape of the mouse pointer
CSI = re.compile(rb"\x1b\[[0-9:;<=>?]*[ !$]?[A-Za-z@`~]")


def test_the_real_screen_writes_no_payload_to_a_real_terminal() -> None:
    with Terminal([sys.executable, "-m", "tests.tui_fake", "--hostile"], columns=160, rows=48, cwd=str(ROOT)) as terminal:
        terminal.wait_for(b"title:")
        terminal.settle()
        for keys in ("\r", "s", "\t", "G", "\x1b", "\t", "\r", "f", "v", "g", *" " * 5, "G", "\t", "m", "\x1b", "s", "\x1b", "R", "\x1b", "\x1b"):
            terminal.press(keys)
            terminal.settle()
        for number in (1, 2):  # the incidents of another language, and without an exception
            for keys in ("j" * number, "\r", *" " * 4, "\x1b"):
                terminal.press(keys)
                terminal.settle()
        for keys in ("\t", "\r", "\x1b", "j", "\r", "\x1b"):  # what was decided, and by whom
            terminal.press(keys)
            terminal.settle()
        for keys in ("l", "\x1b", "/[red]\x1b", "X", "because\r", "\x10", "\x1b", "?", "\x1b"):
            terminal.press(keys)
            terminal.settle()
        for columns, rows in ((80, 24), (60, 16), (30, 8), (160, 48)):
            terminal.resize(columns, rows)
            terminal.settle()
        for keys in ("\t", "g", "\t", "g", "\t", "g", "\t", "g"):  # each panel from its beginning: one of them is the thoughts
            terminal.press(keys)
            terminal.settle()
        body = POINTER.sub(b"", bytes(terminal.output))
        terminal.press("q")
        assert terminal.wait() == 0
    rest = CSI.sub(b"", body)  # source is coloured piece by piece
    for field in (
        "thought",
        "class",
        "message",
        "title",
        "rationale",
        "summary",
        "detail",
        "operator",
        "target",
        "note",
        "log",
        "src",
        "reason",
        "repr",
        "attribute",
        "view",
        "subject",
        "route",
        "host",
        "expression",
        "examined",
        "health",
        "text",
        "logged",
        "second",
    ):
        assert f"{field}:".encode() in rest, f"the story never showed {field}, so the test would prove nothing"
    for char in ("\u241b", "\u2407", "\u2408", "\u240d", "<U+009B>", "<U+202E>", "<U+200B>", "<U+E0041>"):
        assert char.encode() in body
    assert b"\x1b[2J" not in body
    for value in PAYLOADS.values():
        raw = value.encode("utf-8", "surrogatepass")
        assert raw not in body, raw
    for raw in ("\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\x9b"):
        assert raw.encode() not in body
    assert not (found := re.findall(rb".{20}[\x00-\x08\x0b-\x1f\x7f].{20}", rest.replace(b"\r", b"").replace(b"\n", b""))), found[:5]


@pytest.mark.parametrize("name", PAYLOADS)
def test_each_payload_becomes_visible(name: str) -> None:
    shown = clean(PAYLOADS[name])
    assert shown
    assert all(char.isprintable() for char in shown)
    assert not set(shown) & set("\x1b\x9b\x07\x08\r\u202e\u2066\u200b\u200d\ufeff\ud800")


@given(st.text(st.characters(codec=None), max_size=80), st.integers(0, 60))
def test_whatever_is_written_what_is_drawn_is_printable_and_fits(text: str, width: int) -> None:
    base = load("nexoide-dark").base()
    assert clean(text).isprintable()
    assert label(text).plain.replace("\n", "").isprintable()
    line = Line(text)
    strip = draw(line, width, base)
    assert strip.text.isprintable()
    assert strip.cell_length >= width
    assert cut(line, width).width <= max(width, 0) or width == 0
    assert all(part.plain.isprintable() for part in wrap(line, 24, 4))


@given(st.text(max_size=300))
def test_plain_text_is_left_alone(text: str) -> None:
    if text.isprintable() and text.isascii():
        assert clean(text) == text


def test_what_is_cut_is_counted() -> None:
    assert clean("x" * 5000) == "x" * 4096 + "… +904 characters"
    assert clean("a\nb", newlines=True) == "a\nb"
    assert clean("a\nb") == "a␊b"


# the lint: only the door makes what a terminal draws

DOOR = TUI / "text.py"
MAKERS = {"rich.segment", "rich.text", "rich.markup", "rich.console", "textual.content", "textual.strip", "textual.markup", "textual.visual"}
TOLD = {"notify", "bell", "copy_to_clipboard", "print", "write", "from_markup", "update"}
SHOWN = {"border_title", "border_subtitle", "tooltip", "title", "sub_title", "placeholder", "renderable"}


def offences(source: str, name: str) -> list[str]:
    """Return where a file of the screen goes round the door.

    The rule: it imports nothing that makes drawable text (Segment, Text, Content, Strip, markup) and no ready widget,
    calls nothing that shows a string, and sets no attribute that is shown; so the door's Line is all it can draw with.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and (node.module in MAKERS or node.module.startswith("textual.widgets")):
            found.append(f"{name}:{node.lineno}: imports {node.module}")
        elif isinstance(node, ast.Import) and any(item.name in MAKERS or item.name.split(".")[0] == "rich" for item in node.names):
            found.append(f"{name}:{node.lineno}: imports a maker of text")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TOLD:
            if not (node.func.attr == "update" and isinstance(node.func.value, ast.Attribute) and node.func.value.attr.startswith("_")):
                found.append(f"{name}:{node.lineno}: calls {node.func.attr}")
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in SHOWN:
                    found.append(f"{name}:{node.lineno}: sets {target.attr}")
                if isinstance(target, ast.Attribute) and target.attr == "pieces" and name != "text.py":
                    found.append(f"{name}:{node.lineno}: fills a Line from outside")
        elif isinstance(node, ast.FunctionDef) and node.name in {"render", "render_lines", "__rich__", "__rich_console__"}:
            found.append(f"{name}:{node.lineno}: defines {node.name}")
        elif isinstance(node, ast.Attribute) and node.attr == "pieces":
            found.append(f"{name}:{node.lineno}: reaches into a Line")
    return found


def test_the_screen_draws_only_through_the_door() -> None:
    files = [path for path in TUI.rglob("*.py") if path != DOOR]
    assert len(files) > 25
    assert [item for path in files for item in offences(path.read_text(encoding="utf-8"), path.name)] == []


@pytest.mark.parametrize(
    "source",
    [
        "from textual.widgets import Static",
        "from rich.text import Text",
        "import rich.segment",
        "from textual.content import Content",
        "self.notify(thought.text)",
        "pane.border_title = incident.message",
        "self.app.title = f'{project}'",
        "static.update(text)",
        "line.pieces.append((text, style))",
        "def render(self): return self.text",
    ],
)
def test_the_lint_sees_what_it_must(source: str) -> None:
    assert offences(source, "example.py")


def test_the_hostile_story_holds_every_payload() -> None:
    assert all(value in mix("x") for value in PAYLOADS.values())
