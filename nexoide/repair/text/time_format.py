"""Times whose text and format do not fit: the format that the writer uses, or the one that differs least and reads the text."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.literals_in_code import Literal, literal_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.values import value_of
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

UNLIKE = re.compile(r"time data (?P<value>'.*?'|\".*?\") does not match format (?P<format>'.*'|\".*\")", re.DOTALL)
REST = re.compile(r"unconverted data remains(?: when parsing with format '[^']*')?: (?P<rest>.*)", re.DOTALL)
DIRECTIVE = re.compile(r"'(?P<directive>.*?)' is a bad directive in format|stray % in format")
ISO = re.compile(r"Invalid isoformat string: (?P<value>'.*'|\".*\")", re.DOTALL)
MAX_TEXT = 64
MAX_FORMAT = 48
MAX_TRIED = 3000
MAX_ONCE = 80
SURE = 3
"""A format that differs by fewer parts than this is taken; nothing further away is looked for."""
_CODE = re.compile(r"%[a-zA-Z%]")
_SWAPS = {
    "%y": ("%Y",), "%Y": ("%y",), "%m": ("%M", "%b", "%B", "%d"), "%M": ("%m",), "%d": ("%j", "%m"), "%D": ("%d",), "%b": ("%B", "%m", "%h"),
    "%B": ("%b", "%m"), "%H": ("%I", "%h"), "%I": ("%H",), "%S": ("%s", "%S.%f"), "%s": ("%S",), "%h": ("%H",), "%a": ("%A",), "%A": ("%a",),
    "%z": ("%Z", "Z"), "%Z": ("%z",), "%p": ("%P", "%p"), "%P": ("%p",), "%n": ("%M",), "%i": ("%M",), "%f": ("%S",), "%k": ("%H",), "%l": ("%I",),
    "%e": ("%d",), "%N": ("%M", "%f"), "%T": ("%H:%M:%S",), "%F": ("%Y-%m-%d",), "%R": ("%H:%M",), "%t": ("%d",),
}  # fmt: skip
_DATES = (
    *("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
    *("%d-%b-%Y", "%d.%m.%y"),
)
_TIMES = ("", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%H.%M", "%H%M", "%H%M%S")
_SEPARATORS = (
    *(("-", "/"), ("-", "."), ("/", "-"), ("/", "."), (".", "-"), (".", "/"), (" ", "T"), ("T", " "), (" ", "_")),
    *(("-", ""), (":", ""), (", ", " ")),
)
_ZONES = ("", "%z", " %z", "Z")


@dataclass(frozen=True, slots=True)
class Parsing:
    """One `strptime(text, format)`: the call, the text's expression, what it was (None: not known), the format and its literal."""

    call: ast.Call
    given: ast.expr
    text: str | None
    format: str
    literal: Literal


def time_ideas(context: Context) -> Iterator[Idea]:
    """Yield the repairs of the format, or of what writes the text."""
    if match := ISO.match(context.raised.message):
        yield from _not_iso(context, _plain(match["value"]))
        return
    found = _parsing(context)
    if found is None:
        context.refuse("The format that the time is read with is not written in the project.")
        return
    text = found.text
    if text is not None and text != text.strip() and _reads(text.strip(), found.format):
        yield _stripped(context, found)
        return
    writers = list(_writers(context))
    bad = list(_bad_writers(writers, found))
    if bad:
        yield from bad
        return
    if text is None:
        yield from _without_text(writers, found)
        return
    if not text or len(text) > MAX_TEXT or not re.search(r"\d", text):
        context.refuse("The text is no time in any form; where it comes from is what to look at.")
        return
    yield from _formats(context, writers, found, text)


def _plain(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text[1:-1]
    return value if isinstance(value, str) else ""


def _parsing(context: Context) -> Parsing | None:
    match = UNLIKE.match(context.raised.message)
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "strptime" and len(node.args) == 2):
        assert isinstance(call, ast.Call)
        literal = literal_of(context, call.args[1])
        if literal is None or not isinstance(literal.node, ast.Constant) or is_test(literal.module.rel):
            continue
        written = str(literal.node.value)
        if match is not None and _plain(match["format"]) != written:
            continue
        seen = value_of(context, call.args[0])
        text = _plain(match["value"]) if match is not None else seen if isinstance(seen, str) else None
        return Parsing(call, call.args[0], text, written, literal)
    return None


def _reads(text: str, form: str) -> bool:
    if len(form) > MAX_FORMAT:
        return False
    try:
        datetime.strptime(text, form)  # noqa: DTZ007  (only whether it can be read counts)
    except (ValueError, re.error, IndexError, KeyError):
        return False
    return True


def _stripped(context: Context, found: Parsing) -> Idea:
    module, text = context.module, context.module.segment(found.given)
    return Idea(
        title=f"strip {short(text)} before it is read as a time",
        why=f"{short(text)} has blanks or a line end around the time, and strptime() reads only what its format says. The edit strips it.",
        edits=[(module, Edit(*module.span(found.given), f"{text}.strip()"))],
        prior=0.92,
        nature="call",
    )


def _writers(context: Context) -> Iterator[Literal]:
    """Yield the literals of formats that the project writes times with."""
    for module in context.project.containing("%"):
        if is_test(module.rel):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Call) and last_name(node.func) == "strftime" and node.args:
                literal = literal_of(context, node.args[-1], module)
                if literal is not None and isinstance(literal.node, ast.Constant):
                    yield literal
            elif isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr) and len(node.format_spec.values) == 1:
                spec = node.format_spec.values[0]
                if isinstance(spec, ast.Constant) and "%" in str(spec.value):
                    yield Literal(module, spec)


def _meant(form: str) -> str:
    """Return a format with minutes among the date's parts made months, and months among the time's parts made minutes."""
    new = re.sub(r"(%[Yyd][-/. ]?)%M(?=[-/. ]?%|$)", r"\1%m", form)
    new = re.sub(r"%M([-/.]%[Yyd])", r"%m\1", new)
    return re.sub(r"(%[HI][:.]?)%m", r"\1%M", new)


def _bad_writers(writers: list[Literal], found: Parsing) -> Iterator[Idea]:
    for literal in writers:
        assert isinstance(literal.node, ast.Constant)
        written = str(literal.node.value)
        if _meant(written) == found.format != written and literal.text.count(written) == 1:
            at = literal.text.index(written)
            yield Idea(
                title=f"write the time as {found.format}",
                why=f"{literal.module.rel}:{literal.node.lineno} writes {written}, where %M is the minute and %m the month. The edit corrects it.",
                edits=[literal.edit(at, at + len(written), found.format)],
                prior=0.93,
            )


def _without_text(writers: list[Literal], found: Parsing) -> Iterator[Idea]:
    """Yield a writer's format that begins, or ends, like the reader's: where the text itself was not seen."""
    for form in dict.fromkeys(str(item.node.value) for item in writers if isinstance(item.node, ast.Constant)):
        if form != found.format and (form.startswith(found.format) or _near(form, found.format) == 1):
            yield _format_idea(found, form, "the project writes times that way", 0.86)
            return


def _formats(context: Context, writers: list[Literal], found: Parsing, text: str) -> Iterator[Idea]:
    written = dict.fromkeys(str(item.node.value) for item in writers if isinstance(item.node, ast.Constant))
    used = dict.fromkeys(
        str(node.value)
        for module in context.project.containing("strptime")
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%" in node.value and not is_test(module.rel)
    )
    tried: dict[str, float] = {}
    once = list(dict.fromkeys(_changed(found.format)))[:MAX_ONCE] if len(found.format) <= MAX_FORMAT else []
    twice = (form for one in once for form in _changed(one))
    for source in ([*written, *used, *once], twice, _known_formats()):  # each further away than the one before
        for form in _fitting(itertools.islice(dict.fromkeys(source), MAX_TRIED), text):
            if form != found.format and form not in tried:
                tried[form] = _near(form, found.format) + _oddness(form) - (1.5 if form in written else 0.6 if form in used else 0)
        if tried and min(tried.values()) < SURE:
            break
    ranked = sorted(tried, key=lambda form: tried[form])[:2]
    for rank, form in enumerate(ranked):
        why = "the project writes times that way" if form in written else "the text has that form"
        yield _format_idea(found, form, f"{why}: {short(text, 32)}", (0.92 if form in written else 0.86) - 0.3 * rank)
    iso = _is_iso(text) and last_name(getattr(found.call.func, "value", None)) in ("datetime", "dt") and "T" in text
    if iso and isinstance(found.call.func, ast.Attribute):
        module = context.module
        owner, given = module.segment(found.call.func.value), module.segment(found.given)
        yield Idea(
            title=f"read {short(given)} with {owner}.fromisoformat()",
            why=f"The text {short(text, 32)} has the ISO form, with or without fractions and zone, which fromisoformat() reads. The edit uses it.",
            edits=[(module, Edit(*module.span(found.call), f"{owner}.fromisoformat({given})"))],
            prior=0.7 if not ranked else 0.52,
            nature="call",
        )
    if not ranked and not iso:
        context.refuse(f"No usual format reads {short(text, 40)}: where it comes from is what to look at.")


def _format_idea(found: Parsing, form: str, why: str, prior: float) -> Idea:
    text = found.literal.text
    at = text.find(found.format)
    edits = [found.literal.edit(at, at + len(found.format), form)] if at >= 0 and text.count(found.format) == 1 else []
    return Idea(
        title=f"read the time as {form}",
        why=f"The format {found.format} does not fit; {why}. The edit reads {form}.",
        edits=edits,
        prior=prior,
        alternatives=("Changing the text: it is what comes in, or what the project writes.",),
        unchecked=("Texts of another form that were read before.",),
    )


def _oddness(form: str) -> int:
    """Return how unlikely a format is: minutes without hours, days without months, fractions of nothing."""
    codes = set(_CODE.findall(form))
    odd = 3 if codes & {"%j", "%h"} else 0
    odd += 3 if "%M" in codes and not codes & {"%H", "%I"} else 0
    odd += 2 if "%S" in codes and "%M" not in codes else 0
    odd += 3 if "%f" in codes and ".%f" not in form and ",%f" not in form else 0
    odd += 2 if "%d" in codes and not codes & {"%m", "%b", "%B"} else 0
    return odd + (2 if re.search(r"%[HI]\W?%m", form) else 0)


def _near(one: str, other: str) -> int:
    """Return how many parts (codes and the characters between them) two formats differ in."""
    left, right = re.findall(r"%[a-zA-Z%]|[^%]", one), re.findall(r"%[a-zA-Z%]|[^%]", other)
    row = list(range(len(right) + 1))
    for number, part in enumerate(left, 1):
        previous, row[0] = row[0], number
        for place, item in enumerate(right, 1):
            previous, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, previous + (part != item))
    return row[-1]


def _fitting(forms: Iterable[str], text: str) -> Iterator[str]:
    """Yield the formats that read a text; those whose signs differ from the text's are not tried, for a try costs 300 µs."""
    signs = _signs(text)
    for form in forms:
        if ("%z" in form or "%Z" in form or _signs(_CODE.sub("0", form)) == signs) and _reads(text, form):
            yield form


def _signs(text: str) -> str:
    return re.sub(r"[0-9A-Za-z]+", "0", text)


def _changed(form: str) -> Iterator[str]:
    for match in _CODE.finditer(form):
        for new in _SWAPS.get(match[0], ()):
            yield form[: match.start()] + new + form[match.end() :]
    if "%d" in form and "%m" in form:
        yield form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
    for old, new in _SEPARATORS:
        if old in form:
            yield form.replace(old, new)
    for tail in (":%S", ":%S.%f", ".%f", "%z", "Z", " %z", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %p", " %Z"):
        yield form + tail
        if form.endswith(tail):
            yield form.removesuffix(tail)


def _known_formats() -> Iterator[str]:
    for day, between, time, zone in itertools.product(_DATES, (" ", "T", ", "), _TIMES, _ZONES):
        if time or (between == " " and not zone):
            yield f"{day}{between}{time}{zone}" if time else day
    for time, zone in itertools.product(_TIMES[1:], _ZONES):
        yield time + zone


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _not_iso(context: Context, text: str) -> Iterator[Idea]:
    """Yield what reads a text that `fromisoformat` refuses: stripped, with its Z as an offset, or by the format that it has."""
    module = context.module
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "fromisoformat" and len(node.args) == 1):
        assert isinstance(call, ast.Call)
        given = call.args[0]
        shown, owner = module.segment(given), last_name(getattr(call.func, "value", None))
        simple = isinstance(given, ast.Name | ast.Attribute | ast.Subscript | ast.Call)
        spelled = shown if simple else f"({shown})"
        if kind_of(context, given) not in ("str", ""):
            continue
        if text.strip() != text and _is_iso(text.strip()):
            yield _respelled(context, given, f"{spelled}.strip()", "has blanks or a line end around it", 0.92)
        elif text[-1:] in "Zz" and re.match(r"\d{4}-\d\d-\d\d[T ]", text):
            why = "ends with Z, which fromisoformat() reads only from Python 3.11 on"
            yield _respelled(context, given, f'{spelled}.replace("Z", "+00:00")', why, 0.9)
        elif owner == "date" and len(text) > 10 and _is_iso(text[:10]):
            yield _respelled(context, given, f"{spelled}[:10]", "is a time, of which a date is wanted", 0.8)
        elif owner in ("datetime", "date") and len(text) <= MAX_TEXT:
            yield from _read_by_format(context, call, text, owner)
        return


def _respelled(context: Context, given: ast.expr, new: str, why: str, prior: float) -> Idea:
    return Idea(
        title=f"read {short(new)} as a time",
        why=f"{short(context.module.segment(given))} {why}. The edit gives what can be read.",
        edits=[(context.module, Edit(*context.module.span(given), new))],
        prior=prior,
        nature="call",
    )


def _read_by_format(context: Context, call: ast.Call, text: str, owner: str) -> Iterator[Idea]:
    """Yield `strptime` with the one format of the project that reads the text, else the only usual one."""
    module = context.module
    project = [str(item.node.value) for item in _writers(context) if isinstance(item.node, ast.Constant)]
    fitting = list(_fitting(dict.fromkeys(project), text))
    usual = list(_fitting(dict.fromkeys(_known_formats()), text))
    form = fitting[0] if fitting else usual[0] if len(usual) == 1 or (usual and "." in text) else ""
    if not form or owner != "datetime" or not isinstance(call.func, ast.Attribute):
        return
    new = f'{module.segment(call.func.value)}.strptime({module.segment(call.args[0])}, "{form}")'
    yield Idea(
        title=f"read the time as {form}",
        why=f"{short(text, 32)} has not the ISO form; {'the project writes times that way' if fitting else 'this is the form that it has'}.",
        edits=[(module, Edit(*module.span(call), new))],
        prior=0.84 if fitting else 0.6,
        nature="call",
    )
