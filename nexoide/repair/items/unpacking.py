"""Values that do not unpack into the names given: dicts walked without their items, a counter that is missing, parts too many or too few."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.code.annotations_seen import annotation_of
from nexoide.repair.code.contracts import says_skip
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import callees, own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.code.values import Row, value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short

UNPACK = re.compile(
    r"too many values to unpack \(expected (?P<most>\d+)(?:, got \d+)?\)"
    r"|not enough values to unpack \(expected (?:at least )?(?P<least>\d+), got (?P<got>\d+)\)"
    r"|cannot unpack non-iterable (?P<kind>\w+) object"
)
_COUNTERS = frozenset({"i", "j", "n", "k", "idx", "index", "no", "num", "number", "position", "pos", "place", "rank", "row_no", "line_no", "lineno", "count"})
_LASTS = frozenset({"ext", "extension", "suffix", "port", "version", "amount", "price", "code", "quantity", "qty", "count", "size", "tld", "year", "status"})
_DICTS = frozenset({"dict", "defaultdict", "Counter", "OrderedDict", "mappingproxy", "ChainMap", "Mapping", "Environ", "_Environ"})
_SEPARATORS = (",", ";", "\t", "|", ":", "=", " ", "/", "-")


@dataclass(frozen=True, slots=True)
class Unpacking:
    """One unpacking: the names' tuple, what is unpacked, and whether it is walked (`for a, b in rows`)."""

    target: ast.Tuple | ast.List
    value: ast.expr
    walked: bool


def unpackings(context: Context) -> list[Unpacking]:
    """Return the unpackings of the failing line."""
    found: list[Unpacking] = []
    for node in context.module.around(context.line):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if (
            isinstance(node, ast.For | ast.AsyncFor)
            and isinstance(node.target, ast.Tuple | ast.List)
            and node.lineno <= context.line <= (node.iter.end_lineno or 0)
        ):
            found.append(Unpacking(node.target, node.iter, True))
        elif isinstance(node, ast.comprehension) and isinstance(node.target, ast.Tuple | ast.List):
            if node.target.lineno <= context.line <= (node.iter.end_lineno or 0):
                found.append(Unpacking(node.target, node.iter, True))
        elif isinstance(node, ast.Assign) and first <= context.line <= last and isinstance(node.targets[0], ast.Tuple | ast.List):
            found.append(Unpacking(node.targets[0], node.value, False))
    return found


def unpack_ideas(context: Context) -> Iterator[Idea]:
    """Yield what makes the value and the names fit."""
    match = UNPACK.match(context.raised.message)
    if match is None or match["kind"] == "NoneType":
        return
    wanted = int(match["most"] or match["least"] or 0)
    for item in unpackings(context):
        if wanted and len(item.target.elts) != wanted and not any(isinstance(one, ast.Tuple) and len(one.elts) == wanted for one in item.target.elts):
            continue
        found = list(_walked(context, item, match) if item.walked else _assigned(context, item, match))
        if found:
            yield from found
            return
    context.refuse("The value does not unpack into so many names; what it should hold is not clear from the source.")


def _walked(context: Context, item: Unpacking, match: re.Match[str]) -> Iterator[Idea]:
    module, value, names = context.module, item.value, item.target.elts
    text = short(module.segment(value))
    end = module.span(value)[1]
    called = last_name(value.func) if isinstance(value, ast.Call) else ""
    if called in ("keys", "values") and isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and len(names) == 2:
        at = module.span(value.func)[1]
        yield _idea(f"walk the items of {short(module.segment(value.func.value))}", f"{text} gives one thing at a time, and a key and a value are wanted.",
                    [(module, Edit(at - len(called), at, "items"))], 0.94)  # fmt: skip
        return
    if called in ("enumerate", "items") and len(names) > 2 and not any(isinstance(one, ast.Tuple | ast.Starred) for one in names):
        start, stop = module.span(names[1])[0], module.span(names[-1])[1]
        title = f"unpack what {called}() gives: {module.segment(names[0])}, ({module.text[start:stop]})"
        why = f"{called}() gives pairs, and the second part is unpacked too."
        yield _idea(title, why, [(module, Edit(start, start, "(")), (module, Edit(stop, stop, ")"))], 0.94)
        return
    if called == "zip" and isinstance(value, ast.Call):
        return
    if _is_dict(context, value) and len(names) == 2:
        yield _idea(
            f"walk the items of {text}", f"{text} is a dict, which gives its keys alone when it is walked.", [(module, Edit(end, end, ".items()"))], 0.95
        )
        return
    first = names[0]
    counts = isinstance(first, ast.Name) and first.id.lower() in _COUNTERS
    nested = len(names) == 2 and isinstance(names[1], ast.Tuple)
    if len(names) == 2 and called != "enumerate" and (counts or nested):
        yield _idea(f"count while {text} is walked: enumerate()", f"{module.segment(first)} counts, and {text} gives its items without a number.",
                    [(module, Edit(*module.span(value), f"enumerate({module.segment(value)})"))], 0.92)  # fmt: skip
        return
    yield from _other_arity(context, item, match)


def _idea(title: str, why: str, edits: list[tuple[Module, Edit]], prior: float) -> Idea:
    return Idea(title=title, why=f"{why} The edit does that.", edits=edits, prior=prior)


def _is_dict(context: Context, value: ast.expr) -> bool:
    if kind_of(context, value) in _DICTS:
        return True
    if isinstance(value, ast.Attribute | ast.Name):
        return annotation_of(context, context.module, value).split("[")[0].rsplit(".", 1)[-1].lower() in ("dict", "mapping", "defaultdict", "counter")
    for function in callees(context.project, context.module, value, guess=False) if isinstance(value, ast.Call) else ():
        if function.node.returns is not None and function.module.segment(function.node.returns).lower().startswith(("dict", "mapping")):
            return True
    return False


def _other_arity(context: Context, item: Unpacking, match: re.Match[str]) -> Iterator[Idea]:
    """Yield names for all parts of the items, where the parts' names are seen where they are made."""
    value = value_of(context, item.value)
    row = value[0] if isinstance(value, Row) and value else None
    if not match["most"] or not isinstance(row, Row | tuple) or len(row) <= len(item.target.elts):
        return
    end = context.module.span(item.target.elts[-1])[1]
    yield Idea(
        title="let the parts that are not used go: *_",
        why=f"Each item has {len(row)} parts, and {len(item.target.elts)} are wanted. The edit takes the first {len(item.target.elts)} and leaves the others.",
        edits=[(context.module, Edit(end, end, ", *_"))],
        prior=0.6,
        unchecked=("Whether the first parts are those that are meant.",),
    )


def _assigned(context: Context, item: Unpacking, match: re.Match[str]) -> Iterator[Idea]:
    module, value = context.module, item.value
    for spot in trace(context, value):
        if isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("split", "rsplit") and isinstance(spot.node.func, ast.Attribute):
            if match["most"]:
                yield from _split_less(context, item, spot.module, spot.node)
            else:
                yield from _split_more(context, item, spot.module, spot.node, match)
            return
    if isinstance(value, ast.Call):
        if last_name(value.func) == "zip" and len(value.args) == 1 and not isinstance(value.args[0], ast.Starred):
            at = module.span(value.args[0])[0]
            title = f"take the columns of {short(module.segment(value.args[0]))} apart: zip(*…)"
            yield _idea(title, "zip() of one row gives its items one by one; its columns are wanted.", [(module, Edit(at, at, "*"))], 0.92)
            return
        yield from _returned(context, item, value)
        return
    if match["most"]:
        seen = value_of(context, value)
        if isinstance(seen, Row) and len(seen) > len(item.target.elts) and not any(isinstance(one, ast.Starred) for one in item.target.elts):
            end = module.span(item.target.elts[-1])[1]
            yield Idea(
                title="let the parts that are not used go: *_",
                why=f"{short(module.segment(value))} has {len(seen)} parts, and {len(item.target.elts)} are wanted. The edit takes the first.",
                edits=[(module, Edit(end, end, ", *_"))],
                prior=0.6,
                unchecked=("Whether the first parts are those that are meant.",),
            )


def _split_less(context: Context, item: Unpacking, module: Module, call: ast.Call) -> Iterator[Idea]:
    """Yield a limit for a split that gives more parts than names."""
    count = len(item.target.elts)
    if any(one.arg == "maxsplit" for one in call.keywords) or len(call.args) > 1 or any(isinstance(one, ast.Starred) for one in item.target.elts):
        return
    last = item.target.elts[-1]
    ends = isinstance(last, ast.Name) and bool(set(re.split(r"_+", last.id.lower())) & _LASTS)
    assert isinstance(call.func, ast.Attribute)
    at = module.span(call.func)[1]
    new = f"({module.segment(call.args[0])}, {count - 1})" if call.args else f"(maxsplit={count - 1})"
    method = "rsplit" if ends else last_name(call.func)
    for rank, name in enumerate(dict.fromkeys([method, "split" if method == "rsplit" else "rsplit"])):
        yield Idea(
            title=f"split only {count - 1} time{'s' if count > 2 else ''}{', from the end' if name == 'rsplit' else ''}",
            why=(
                f"{short(module.segment(call))} gives more parts than the {count} that are wanted: the separator stands within a part too. "
                f"The edit splits at the {'last' if name == 'rsplit' else 'first'}{'' if count == 2 else f' {count - 1}'}."
            ),
            edits=[(module, Edit(at - len(last_name(call.func)), module.span(call)[1], f"{name}{new}"))],
            prior=0.86 - 0.35 * rank,
        )


def _split_more(context: Context, item: Unpacking, module: Module, call: ast.Call, match: re.Match[str]) -> Iterator[Idea]:
    """Yield another separator, the blank lines left out, or the second part empty, where a split gives too few parts."""
    assert isinstance(call.func, ast.Attribute)
    owner, count = call.func.value, len(item.target.elts)
    seen = value_of(context, owner if not isinstance(owner, ast.Call) or not isinstance(owner.func, ast.Attribute) else owner.func.value)
    given = call.args[0] if call.args else None
    if isinstance(seen, str) and isinstance(given, ast.Constant) and isinstance(given.value, str):
        for other in _SEPARATORS:
            if other != given.value and given.value not in seen and seen.strip().count(other) == count - 1:
                sure = 0.9 if _joined_with(context, other) else 0.66
                yield Idea(
                    title=f"split at {other!r}",
                    why=f"{short(seen, 32)} has no {given.value!r}, and {other!r} stands between its parts. The edit splits there.",
                    edits=[(module, Edit(*module.span(given), f'"{other}"' if other != "\t" else '"\\t"'))],
                    prior=sure,
                )
                return
    if isinstance(seen, str) and not seen.strip():
        yield from _blank_left_out(context, module, call, owner)
        return
    if count == 2 and match["got"] == "1" and given is not None and not item.walked and len(call.args) == 1 and call is item.value:
        first, second = (module.segment(one) for one in item.target.elts)
        function = module.function(call)
        said = ast.get_docstring(function) if isinstance(function, FUNCTIONS) else ""
        sure = 0.82 if re.search(r"optional|may be (?:missing|left out|empty)|without a|no value|or nothing|if any", said or "", re.IGNORECASE) else 0.56
        yield Idea(
            title=f"let {second} be empty where {short(module.segment(given))} does not stand: partition()",
            why=f"{short(module.segment(owner))} has no {module.segment(given)}, so that there is no second part. The edit takes an empty one then.",
            edits=[
                (module, Edit(*module.span(item.target), f"{first}, _, {second}")),
                (module, Edit(module.span(call.func)[1] - len(last_name(call.func)), module.span(call.func)[1], "partition")),
            ],
            prior=sure,
            nature="guard",
            unchecked=("Whether text without the separator is a mistake in the data.",),
        )


def _joined_with(context: Context, separator: str) -> bool:
    for module in context.project.containing(".join("):
        for node in module.nodes:
            joined = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join" else None
            if isinstance(joined, ast.Constant) and joined.value == separator and not is_test(module.rel):
                return True
    return False


def _blank_left_out(context: Context, module: Module, call: ast.Call, owner: ast.expr) -> Iterator[Idea]:
    root = owner
    while isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute):
        root = root.func.value
    loop = next((node for node in module.ancestors(call) if isinstance(node, ast.For)), None)
    statement = module.statement(call)
    if loop is None or statement is None or not isinstance(root, ast.Name) or not isinstance(loop.target, ast.Name) or loop.target.id != root.id:
        return
    first = loop.body[0]
    indent, at = module.own_indent(first), module.span(first)[0]
    if indent is not None:
        yield Idea(
            title="leave blank lines out",
            why="One of the lines is blank, and has no parts. The edit leaves blank lines out.",
            edits=[(module, Edit(at, at, f"if not {root.id}.strip():\n{indent}    continue\n{indent}"))],
            prior=0.9 if says_skip(module, module.function(call)) else 0.84,
        )


def _returned(context: Context, item: Unpacking, call: ast.Call) -> Iterator[Idea]:
    """Yield names for all that a function of the project returns, put where the function's own names say."""
    module = context.module
    functions = callees(context.project, module, call, guess=False)
    if len(functions) != 1:
        return
    function = functions[0]
    rows = [node.value for node in own_nodes(function.node) if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)]
    names = [last_name(one) if isinstance(one, ast.Name | ast.Attribute) else "" for one in rows[-1].elts] if rows else []
    given = [one.id if isinstance(one, ast.Name) else "" for one in item.target.elts]
    if not rows or len({len(row.elts) for row in rows}) != 1 or len(names) <= len(given) or "" in given:
        return
    places = [names.index(name) if name in names else -1 for name in given]
    if -1 not in places and places == sorted(places):
        new = ", ".join(name if name in given else "_" for name in names)
        sure = 0.9
    else:
        new, sure = ", ".join([*given, *(["_"] * (len(names) - len(given)))]), 0.66
    yield Idea(
        title=f"take all {len(names)} parts that {function.name}() returns",
        why=f"{function.name}() returns {len(names)} parts ({', '.join(name or '…' for name in names)}), and {len(given)} are taken. The edit takes all.",
        edits=[(module, Edit(*module.span(item.target), new))],
        prior=sure,
        nature="call",
        alternatives=(f"Returning less from {function.name}(): others may use it.",),
    )
