"""Every key, once: the bindings, the key bar, the command palette and the help are made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

Scope = Literal["app", "home", "patch", "incident", "choice", "page", "pane", "list"]


@dataclass(frozen=True, slots=True)
class Key:
    """One action: its id (for remapping), its keys, how the bar shows it, and what it does in a sentence."""

    id: str
    keys: str
    action: str
    label: str
    help: str
    shown: bool = True
    display: str = ""


KEYMAP: dict[Scope, tuple[Key, ...]] = {
    "home": (
        Key("patch.approve", "a", "approve", "approve", "Approve the selected patch: it is committed and reloaded into the running program."),
        Key("patch.reject", "x", "reject", "reject", "Reject the selected patch."),
        Key("patch.reject_because", "X", "reject_because", "reject with a reason", "Reject the selected patch and say why.", shown=False),
        Key("patch.revert", "r", "revert", "revert", "Take the selected deployed patch back (else find the newest): a commit that undoes it, reloaded."),
        Key("home.open", "enter", "open", "open", "Open what is selected: a patch, an incident, a deployment.", display="enter"),
        Key(
            "incident.ignore",
            "i",
            "ignore",
            "ignore",
            "Ignore the selected incident: still counted, but off the list. On one that h lists: ignore it no more.",
        ),
        Key("incident.resolve", "R", "resolve", "resolve", "Say that the selected incident is resolved (of a resolved one: that it is not), and confirm it."),
        Key("incident.merge", "m", "merge", "merge", "Count the selected incident with another one, which is chosen from a list."),
        Key("incident.split", "s", "split", "split", "Tell further failures of the selected incident apart, or undo what was merged into it."),
        Key("home.hidden", "h", "hidden", "hidden", "List ignored and merged incidents too, or hide them again."),
        Key("home.diff", "d", "diff", "diff", "Open the patch that belongs to the selection."),
        Key("home.log", "l", "log", "log", "Show what the selected program printed."),
        Key("home.page", "p", "page", "page", "Turn the page: lists, or thoughts, pipeline and diff (on small terminals)."),
        Key("home.next", "tab", "next_pane", "next", "Go to the next panel.", display="tab"),
        Key("home.previous", "shift+tab", "previous_pane", "previous", "Go to the previous panel.", shown=False),
        Key("list.filter", "slash", "filter", "find", "Show only the rows that contain what you type; Escape shows all again.", display="/"),
        Key("home.clear", "escape", "clear", "clear", "Clear the filter, a question or a message.", shown=False),
    ),
    "patch": (
        Key("patch.approve", "a", "approve", "approve", "Approve this patch: it is committed and reloaded into the running program."),
        Key("patch.reject", "x", "reject", "reject", "Reject this patch."),
        Key("patch.reject_because", "X", "reject_because", "reject with a reason", "Reject this patch and say why.", shown=False),
        Key("patch.revert", "r", "revert", "revert", "Take this patch back: a commit that undoes it, reloaded."),
        Key("patch.split", "s", "split", "split", "Show the diff side by side, or in one column."),
        Key("patch.change", "n", "change(1)", "change", "Go to the next change."),
        Key("patch.unchange", "N", "change(-1)", "previous change", "Go to the previous change.", shown=False),
        Key("patch.explain", "e", "explain", "explain", "Ask the running program what it would do with this patch, definition by definition."),
        Key("patch.log", "l", "log", "log", "Show what the patch's program printed."),
        Key("patch.next", "tab", "next_pane", "next", "Go to the next panel.", shown=False, display="tab"),
        Key("patch.previous", "shift+tab", "previous_pane", "previous", "Go to the previous panel.", shown=False),
        Key("patch.back", "escape", "back", "back", "Go back to the home screen.", display="esc"),
    ),
    "incident": (
        Key("incident.open", "enter", "open", "open", "Open what is marked: a patch, a similar incident.", display="enter"),
        Key("incident.ignore", "i", "ignore", "ignore", "Ignore this incident, which goes on being counted; again: ignore it no more."),
        Key("incident.resolve", "R", "resolve", "resolve", "Say that this incident is resolved (of a resolved one: that it is not), and confirm it."),
        Key("incident.merge", "m", "merge", "merge", "Count this incident with another one, which is chosen from a list."),
        Key("incident.split", "s", "split", "split", "Tell further failures of this incident apart, or undo what was merged into it."),
        Key("incident.frames", "f", "frames", "libraries", "Show the frames of libraries too, or only those of the program."),
        Key("incident.values", "v", "values", "more", "Show source and values of every frame of the program, or only of the one that failed."),
        Key("incident.log", "l", "log", "log", "Show what the incident's program printed."),
        Key("incident.next", "tab", "link(1)", "next", "Mark the next patch or incident that can be opened.", shown=False, display="tab"),
        Key("incident.previous", "shift+tab", "link(-1)", "previous", "Mark the previous one.", shown=False),
        Key("page.back", "escape", "back", "back", "Go back.", display="esc"),
    ),
    "choice": (
        Key("choice.take", "enter", "take", "take", "Take what is selected.", display="enter"),
        Key("list.filter", "slash", "filter", "find", "Show only the rows that contain what you type.", display="/"),
        Key("choice.leave", "escape", "leave", "leave", "Choose nothing.", display="esc"),
    ),
    "page": (
        Key("page.again", "R", "again", "read again", "Read it again.", display="R"),
        Key("page.back", "escape", "back", "back", "Go back.", display="esc"),
    ),
    "app": (
        Key("app.help", "question_mark", "help", "help", "Show every key.", display="?"),
        Key("app.theme", "t", "theme", "theme", "Change to the next theme, read anew from its file.", shown=False),
        Key("app.palette", "ctrl+p", "command_palette", "all", "Find any command by typing.", display="ctrl+p"),
        Key("app.detach", "q", "detach", "detach", "Close the screen; the supervisor, programs and agents run on."),
    ),
    "pane": (
        Key("pane.down", "j,down", "move(1)", "down", "One line or row down.", shown=False),
        Key("pane.up", "k,up", "move(-1)", "up", "One line or row up.", shown=False),
        Key("pane.page_down", "pagedown,space,ctrl+f", "turn(1)", "page down", "One page down.", shown=False),
        Key("pane.page_up", "pageup,ctrl+b", "turn(-1)", "page up", "One page up.", shown=False),
        Key("pane.first", "g,home", "first", "first", "To the beginning.", shown=False),
        Key("pane.last", "G,end", "last", "last", "To the end.", shown=False),
    ),
    "list": (),
}

TITLES: dict[Scope, str] = {
    "home": "Home",
    "patch": "A patch",
    "incident": "An incident",
    "choice": "A list to choose from",
    "page": "Another page",
    "pane": "In every panel",
    "app": "Everywhere",
}


def bindings(scope: Scope) -> list[Binding]:
    """Return the bindings of one part of the screen."""
    return [Binding(key.keys, key.action, key.label, show=key.shown, id=key.id, key_display=key.display or None, tooltip=key.help) for key in KEYMAP[scope]]


def key_names(key: Key) -> str:
    """Return an action's keys as people write them."""
    names = {"question_mark": "?", "slash": "/", "escape": "esc", "pagedown": "page down", "pageup": "page up"}
    return "  ".join(names.get(part, part) for part in key.keys.split(","))
