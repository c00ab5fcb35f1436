"""What was raised: the chain of exceptions with their frames, and the values that made it fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nexoide.tui import format as fmt
from nexoide.tui.incident import code
from nexoide.tui.incident.frames import failing_frame, is_empty, is_own, shown_path, variables, view_of
from nexoide.tui.incident.sheet import Sheet, widest
from nexoide.tui.text import Line, Style, cut

if TYPE_CHECKING:
    from nexoide.model.examination import SourceView
    from nexoide.model.failure import Frame, Raised, ValueView
    from nexoide.model.incident import Incident

MAX_FRAMES = 60
MAX_EXCEPTIONS = 12
MAX_LINES = 3000
"""How long a page grows by frames; what does not fit is counted."""
FEW_VALUES = 8
MANY_VALUES = 32
_WORDS = {"cause": "caused by", "context": "while handling", "member": "with", "raised": "raised"}
_NAME = re.compile(r"[^\W\d]\w{0,100}")


def place(sheet: Sheet, incident: Incident, workspace: str) -> None:
    """Append where it failed: the line with its expression, the source around it, and the values."""
    found = failing_frame(incident, workspace)
    if found is None:
        return
    raised, frame = found
    skin = sheet.skin
    views = incident.examination.sources if incident.examination else ()
    view = view_of(frame, views)
    sheet.heading("Where it failed", _origin(view))
    sheet.say(_whereabouts(frame, workspace, skin.fore("focus"), skin.fore("quiet")), 2)
    marked = _source(sheet, frame, view, incident.expression, incident.sample.language)
    if incident.expression and not marked:
        sheet.fact("expression", Line(incident.expression, skin.fore("strong", bold=True)))
    _values(sheet, raised, frame, marked or incident.expression)


def _whereabouts(frame: Frame, workspace: str, place: Style, function: Style) -> Line:
    line, path = Line(), shown_path(frame.file, workspace)
    if path:
        line.add(f"{path}:{frame.line}", place, 400).add("  ")
    return line.add(frame.function or ("" if path else "in a file that is not named"), function, 200)


def _origin(view: SourceView | None) -> str:
    """Return which version of the file it is, as the section's heading says it."""
    if view is None:
        return ""
    return f"as in commit {view.commit[:7]}" if view.commit else "as on disk, not committed"


def _source(sheet: Sheet, frame: Frame, view: SourceView | None, expression: str, language: str, *, indent: int = 2) -> str:
    """Append the source of a frame, more than its line where that is known; return the expression that is marked in it."""
    if view is not None and view.lines:
        return code.source(sheet, view, frame, expression)
    return code.one_line(sheet, frame, expression, language, indent)


def _values(sheet: Sheet, raised: Raised, frame: Frame, expression: str) -> None:
    """Append the values: what the exception is about, then the variables, those in the expression first."""
    named = set(_NAME.findall(expression[:400]))
    found = sorted(variables(frame), key=lambda item: item[0] not in named)
    if not found and raised.obj is None:
        return
    sheet.gap()
    if raised.obj is not None:
        _about(sheet, raised, raised.obj)
    _table(sheet, found, named, FEW_VALUES)


def _about(sheet: Sheet, raised: Raised, value: ValueView) -> None:
    skin = sheet.skin
    line = Line("  ").add(value.type, skin.fore("strong"), 120)
    if raised.name:
        line.add(f" has no {raised.name}" if raised.type == "AttributeError" else f" · {raised.name}", skin.fore("text"), 120)
    if value.attributes:
        shown = ", ".join(value.attributes[:24])
        more = f" and {len(value.attributes) - 24} more" if len(value.attributes) > 24 else ""
        line.add("; it has ", skin.fore("quiet")).add(shown, skin.fore("text"), 600).add(more, skin.fore("quiet"))
    sheet.say(line, 4)


def _table(sheet: Sheet, values: list[tuple[str, ValueView]], named: set[str], limit: int, indent: int = 2) -> None:
    """Append variables: name, type and value in columns."""
    skin, shown = sheet.skin, values[:limit]
    names = widest((name for name, _ in shown), 20)
    types = widest((value.type for _, value in shown), 20)
    for name, value in shown:
        line = Line(" " * indent).join(_cell(name, names, skin.fore("strong" if name in named else "text", bold=name in named)))
        line.join(_cell(value.type, types, skin.fore("quiet")))
        sheet.say(line.add(value.repr, skin.fore("text" if name in named else "quiet"), 260), min(line.width, sheet.width // 2))
    if len(values) > limit:
        sheet.lines.append(Line(f"{' ' * indent}and {fmt.plural(len(values) - limit, 'more variable')}", skin.fore("faint")))


def _cell(text: str, width: int, style: Style) -> Line:
    return cut(Line(text, style), width).pad(width + 2) if width else Line()


def chain(sheet: Sheet, incident: Incident, workspace: str, *, libraries: bool, values: bool) -> None:
    """Append every exception of the chain with its frames; runs of library frames are one line unless `libraries`."""
    exceptions = incident.sample.exceptions
    if not exceptions or (len(exceptions) == 1 and is_empty(incident.sample)):
        return
    skin = sheet.skin
    number = sum(len(raised.frames) for raised in exceptions)
    sheet.heading("Traceback", f"{fmt.plural(number, 'frame')}, the latest call last")
    about = failing_frame(incident, workspace)
    for raised in exceptions[:MAX_EXCEPTIONS]:
        head = Line(f"{_WORDS[raised.relation]} ", skin.fore("quiet")).add(raised.type, skin.fore("strong", bold=True), 120)
        sheet.say(head.add(f": {raised.message}" if raised.message else "", skin.fore("text"), 600), 2)
        _frames(sheet, raised, incident, workspace, about[1] if about else None, libraries=libraries, values=values)
    if len(exceptions) > MAX_EXCEPTIONS:
        sheet.lines.append(Line(f"and {fmt.plural(len(exceptions) - MAX_EXCEPTIONS, 'more exception')}", skin.fore("faint")))


def _frames(sheet: Sheet, raised: Raised, incident: Incident, workspace: str, about: Frame | None, *, libraries: bool, values: bool) -> None:
    skin, folded = sheet.skin, 0
    left_out = max(0, len(raised.frames) - MAX_FRAMES)
    views = incident.examination.sources if incident.examination else ()
    if left_out:
        sheet.lines.append(Line(f"  … {fmt.plural(left_out, 'outer frame')}", skin.fore("faint")))
    for number, frame in enumerate(raised.frames[left_out:]):
        if len(sheet.lines) > MAX_LINES:
            left = len(raised.frames) - left_out - number
            sheet.lines.append(Line(f"  … {fmt.plural(left, 'more frame')}: the page is long enough", skin.fore("faint")))
            break
        own = is_own(frame, workspace)
        if not own and not libraries:
            folded += 1
            continue
        _folded(sheet, folded)
        folded = 0
        here = frame is about
        style = skin.fore("focus" if own else "quiet", bold=here)
        sheet.say(Line("  ").join(_whereabouts(frame, workspace, style, skin.fore("quiet"))), 4)
        view = view_of(frame, views) if own and values else None
        _source(sheet, frame, view, incident.expression if here else "", incident.sample.language, indent=4)
        if own and values:
            _table(sheet, variables(frame), set(), MANY_VALUES, 6)
    _folded(sheet, folded)


def _folded(sheet: Sheet, number: int) -> None:
    if number:
        line = Line(f"  … {fmt.plural(number, 'frame')} of libraries", sheet.skin.fore("faint"))
        sheet.lines.append(line.add("  f shows them", sheet.skin.fore("faint", italic=True)))


def record(sheet: Sheet, incident: Incident) -> None:
    """Append the log record, and the text of what was read from a log where frames do not say it all."""
    sample, skin = incident.sample, sheet.skin
    if sample.log_message or sample.logger:
        sheet.heading("Log record")
        if sample.logger:
            sheet.fact("logger", Line(sample.logger, skin.fore("text")))
        if sample.log_message and (sample.exceptions or sample.log_message != incident.message):
            sheet.paragraph(sample.log_message)
    if sample.text and (is_empty(sample) or sample.language != "python"):
        sheet.heading("As it was written", "" if sample.language == "python" else sample.language[:40])
        sheet.paragraph(sample.text, "text", 4096)


def this_one(sheet: Sheet, incident: Incident, now: float) -> None:
    """Append which occurrence the frames and values are of."""
    sample, skin = incident.sample, sheet.skin
    known = [fmt.moment(sample.at, now)]
    known += [f"pid {sample.pid}"] if sample.pid else []
    known += [f"in {sample.thread}"] if sample.thread and sample.thread != "MainThread" else []
    known += [f"on {sample.host}"] if sample.host else []
    known += [f"release {sample.release}"] if sample.release else []
    known += [sample.route] if sample.route else []
    known += [f"status {sample.status}"] if sample.status else []
    known += [f"from {sample.origin}"] if sample.origin else []
    sheet.fact("this one", Line(" · ".join(text[:200] for text in known), skin.fore("text")))
