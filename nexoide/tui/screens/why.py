"""The words of a patch: rationale, evidence, and what its confidence is made of."""

from __future__ import annotations

from collections.abc import Sequence

from nexoide.model.patch import Evidence, Patch
from nexoide.model.projection import State
from nexoide.model.reload import Explanation
from nexoide.tui import definitions
from nexoide.tui import format as fmt
from nexoide.tui.pin import FileDiff
from nexoide.tui.text import Line, wrap
from nexoide.tui.themes import Skin

_MARKS = {"passed": ("✓", "ok"), "failed": ("✗", "fail"), "inconclusive": ("~", "quiet")}
_BAR = 10
_LISTED = 12
_STRONGEST = 3.0  # log-odds that fill a bar


def why(patch: Patch, state: State, files: tuple[FileDiff, ...], refusal: str, skin: Skin, width: int, explained: Sequence[Explanation] = ()) -> list[Line]:
    """Return everything there is to say about a patch, wrapped to `width` cells; `explained` is what the program said when it was asked."""
    out: list[Line] = []
    if refusal:
        out += [*wrap(Line(refusal, skin.fore("fail", bold=True)), width), Line()]
    out += wrap(Line(patch.title, skin.fore("strong", bold=True)), width)
    out += _facts(patch, state, skin, width)
    if patch.rationale.strip():
        out.append(Line())
        for paragraph in patch.rationale.strip().split("\n")[:60]:
            out += wrap(Line(paragraph, skin.fore("text")), width)
    for name, rows in (("Decides for you", patch.cautions), ("Considered", patch.alternatives), ("Not checked", patch.unchecked)):
        out += _list(name, rows, skin, width)
    if len(files) > 1:
        out += _heading("Files", skin, width)
        for file in files:
            tail = Line(f"+{file.added}", skin.fore("diff.added_mark")).add(f" −{file.removed}", skin.fore("diff.removed_mark"))
            out.append(Line(file.path, skin.fore("text")).ends(tail, width))
    out += _live(patch, state, explained, skin, width)
    out += _heading("Evidence", skin, width)
    if not patch.evidence:
        out.append(Line("Nothing was checked yet.", skin.fore("quiet")))
    for item in patch.evidence:
        out += _evidence(item, skin, width)
    if patch.confidence is not None:
        out += _confidence(patch, patch.confidence, skin, width)
    return out


def _facts(patch: Patch, state: State, skin: Skin, width: int) -> list[Line]:
    quiet = skin.fore("quiet")
    incident = state.incidents.get(patch.incident)
    out: list[Line] = []
    if incident is not None:
        mends = Line("mends ", quiet).add(incident.error_class, skin.fore("text"), 80)
        if incident.file:
            mends.add(f" at {incident.file}:{incident.line}", quiet)
        out += wrap(mends.add(f" · {fmt.count(incident.count)}×", quiet), width)
    made = Line(f"by {patch.author} · {patch.rule}", quiet)
    if patch.latency_ms:
        made.add(f" · {fmt.milliseconds(patch.latency_ms)} after the error", quiet)
    out += wrap(made, width)
    if patch.decided_by or patch.reason:
        told = patch.state.replace("_", " ") + (f" · {patch.decided_by}" if patch.decided_by else "") + (f": {patch.reason}" if patch.reason else "")
        out += wrap(Line(told, skin.fore("text")), width)
    deployment = state.deployments.get(patch.deployment)
    if deployment is not None and deployment.changed:
        out += wrap(Line("the program took over ", quiet).add("; ".join(deployment.changed), skin.fore("text")), width)
    if patch.commit:
        out.append(Line("commit ", quiet).add(patch.commit, skin.fore("text"), 12))
    return out


def _live(patch: Patch, state: State, explained: Sequence[Explanation], skin: Skin, width: int) -> list[Line]:
    """What the running program did with it, or would do: as asked just now, as observed, or as rehearsed."""
    deployment = state.deployments.get(patch.deployment)
    rehearsed = next((item for item in reversed(patch.evidence) if item.kind == "rehearsal"), None)
    if explained:
        out = _heading("Live, asked now", skin, width)
        for one in explained:
            out += wrap(Line(f"{one.target}: ", skin.fore("quiet")).add(definitions.counted(one.processes) or one.summary, skin.fore("text"), 400), width, 2)
            out += definitions.lines(one.processes, skin, width)
        return out
    if deployment is not None and any(process.definitions for process in deployment.processes):
        counted = Line(definitions.counted(deployment.processes), skin.fore("text"))
        return [*_heading("Live", skin, width), *wrap(counted, width), *definitions.lines(deployment.processes, skin, width)]
    if rehearsed is None or patch.state != "waiting":
        return []
    return [*_heading("Live", skin, width), *wrap(Line(rehearsed.summary, skin.fore("text")).add("  e asks it again", skin.fore("faint")), width)]


def _heading(name: str, skin: Skin, width: int) -> list[Line]:
    return [Line(), Line(name, skin.fore("quiet", bold=True)).add(" ").add("─" * max(0, width - len(name) - 1), skin.fore("border"))]


def _list(name: str, rows: Sequence[str], skin: Skin, width: int) -> list[Line]:
    if not rows:
        return []
    found = _heading(name, skin, width)
    for row in rows[:_LISTED]:
        found += wrap(Line("· ", skin.fore("faint")).add(row, skin.fore("text"), 600), width, 2)
    return found


def _evidence(item: Evidence, skin: Skin, width: int) -> list[Line]:
    mark, colour = _MARKS[item.outcome]
    measured = Line(fmt.milliseconds(item.milliseconds), skin.fore("faint"))
    head = Line(f"{mark} ", skin.fore(colour, bold=True)).add(item.kind, skin.fore("strong"), 40)
    out = [head.ends(measured, width)]
    out += wrap(Line("  ").add(item.summary, skin.fore("text")), width, 2)
    for detail in item.detail[:40]:
        out += wrap(Line("  · ", skin.fore("faint")).add(detail, skin.fore("quiet")), width, 4)
    return out


def _confidence(patch: Patch, confidence: float, skin: Skin, width: int) -> list[Line]:
    out = _heading("Confidence", skin, width)
    out[-1] = Line("Confidence ", skin.fore("quiet", bold=True)).add(f"{confidence:.2f} ", skin.fore("strong", bold=True))
    out[-1].add("─" * max(0, width - out[-1].width), skin.fore("border"))
    if patch.bound:
        out += wrap(Line("  ").add(patch.bound, skin.fore("text"), 300), width, 2)
    out += [_weight(part.words, part.weight, skin, width) for part in patch.parts]
    for veto in patch.vetoes[:_LISTED]:
        out += wrap(Line("  never by itself: ", skin.fore("quiet")).add(veto, skin.fore("text"), 300), width, 4)
    return out


def _weight(name: str, weight: float, skin: Skin, width: int) -> Line:
    filled = min(_BAR, round(abs(weight) / _STRONGEST * _BAR))
    bar = Line("━" * filled, skin.fore("text" if weight >= 0 else "quiet")).add("━" * (_BAR - filled), skin.fore("border"))
    return Line("  ").add(name, skin.fore("quiet"), max(20, width - 22)).ends(Line(f"{weight:+.1f}  ", skin.fore("text")).join(bar), width)
