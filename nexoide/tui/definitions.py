"""What a reload did, or would do, to each definition, as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.text import Line, wrap

if TYPE_CHECKING:
    from nexoide.model.reload import DefinitionChange, ProcessReload, Reload
    from nexoide.tui.themes import Skin

MAX_SHOWN = 60
_MARKS = {"added": ("+", "diff.added_mark"), "removed": ("−", "diff.removed_mark"), "refused": ("✗", "fail"), "restart": ("✗", "fail"), "kept": ("·", "quiet")}
_FIRST = ("refused", "restart", "kept")
_PLURAL = {"class": "classes", "property": "properties"}
STATES = {
    "started": ("taking over", "focus", "◐"),
    "live": ("taken over", "ok", "✓"),
    "already": ("ran already", "quiet", "✓"),
    "not_loaded": ("not imported", "quiet", "–"),
    "absent": ("not attached", "fail", "✗"),
    "refused": ("refused", "fail", "✗"),
    "gone": ("program ended", "fail", "✗"),
    "staged": ("at next start", "waiting", "◇"),
    "interrupted": ("not known", "fail", "?"),
}
"""How the states of a reload read: word, colour, glyph."""


def counted(processes: Sequence[ProcessReload]) -> str:
    """Return what happens in a few words: `3 functions replaced, 1 class needs a restart`; empty where nothing is known."""
    counts: dict[tuple[str, str], int] = {}
    for item in _once(processes):
        if item.action != "unchanged":
            word = {"restart": "needs a restart", "refused": "refused", "runs": "run", "kept": "stays"}.get(item.action, item.action)
            counts[item.kind, word] = counts.get((item.kind, word), 0) + 1
    return ", ".join(f"{number} {kind if number == 1 else _PLURAL.get(kind, kind + 's')} {word}" for (kind, word), number in counts.items())


def lines(processes: Sequence[ProcessReload], skin: Skin, width: int, said: str = "") -> list[Line]:
    """Return one line a definition, those that stay as they were first and with the reason, then who is in the way.

    No sentence is repeated; `said` is one that stands above already.
    """
    out: list[Line] = []
    found = sorted(_once(processes), key=lambda item: item.action not in _FIRST)
    shown = [item for item in found if item.action != "unchanged"]
    for item in shown[:MAX_SHOWN]:
        out += _definition(item, skin, width, said)
    if len(shown) > MAX_SHOWN:
        out.append(Line(f"  … and {len(shown) - MAX_SHOWN} more", skin.fore("quiet")))
    told = {said, *(item.reason for item in shown)}
    for process in processes:
        if not process.ok:
            why = " refused it" if process.error in told else f": {process.error}"
            out += wrap(Line(f"  ✗ process {process.pid}", skin.fore("fail")).add(why, skin.fore("text")), width, 4)
        for sentence in (*process.blockers, *process.notes)[:20]:
            out += wrap(Line("  · ", skin.fore("faint")).add(sentence, skin.fore("quiet")), width, 4)
    return out


def _once(processes: Sequence[ProcessReload]) -> list[DefinitionChange]:
    return list({(item.full, item.kind, item.action): item for process in processes for item in process.definitions}.values())


def _definition(item: DefinitionChange, skin: Skin, width: int, said: str) -> list[Line]:
    mark, colour = _MARKS.get(item.action, ("●", "text"))
    line = Line(f"  {mark} ", skin.fore(colour, bold=True)).add(item.full, skin.fore("text"), 120)
    line.add(f"  {item.kind} {item.action}", skin.fore("quiet"), 60)
    if item.line:
        line.add(f" :{item.line}", skin.fore("faint"))
    out = wrap(line, width, 4)
    if item.reason and item.reason != said:
        out += wrap(Line("    ").add(item.reason, skin.fore("quiet"), 400), width, 4)
    return out


def reload_lines(reload: Reload | None, skin: Skin, width: int) -> list[Line]:
    """Return everything there is to say about a reload, wrapped to `width` cells."""
    if reload is None:
        return []
    word, colour, glyph = STATES[reload.state]
    out = wrap(Line(f"{glyph} {word}", skin.fore(colour, bold=True)).add("  ").add(reload.summary, skin.fore("text"), 1000), width)
    told = f"{reload.target} · {fmt.plural(len(reload.processes), 'process', 'processes')} · {fmt.clock(reload.began_at)}"
    measured = fmt.milliseconds(reload.milliseconds)
    out += wrap(Line(told + (f" · {measured}" if measured else "") + (" · restarted for it" if reload.restarted else ""), skin.fore("quiet")), width)
    out.append(Line())
    for file in reload.files[:MAX_SHOWN]:
        tail = Line(f"{file.before_sha256[:7] or 'new'} → {file.after_sha256[:7] or 'deleted'}", skin.fore("faint"))
        out.append(Line().add(file.path, skin.fore("text"), max(10, width - 22)).ends(tail, width))
    out.append(Line())
    return out + lines(reload.processes, skin, width, reload.summary)
