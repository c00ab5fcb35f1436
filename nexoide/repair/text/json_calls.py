"""Mix-ups of json.load, loads, dump and dumps: text for a file, a file for text, a path for either, and what is parsed already."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short, suffixed
from nexoide.repair.naming.importing import need, need_module

NOT_TEXT = re.compile(r"the JSON object must be str, bytes or bytearray, not (?P<kind>[\w.]+)")
NO_READ = re.compile(r"'(?P<kind>[\w.]+)' object has no attribute 'read'")
NO_WRITE = re.compile(r"'(?P<kind>[\w.]+)' object has no attribute 'write'")
FILE_FIRST = re.compile(r"Object of type (?P<kind>TextIOWrapper|StringIO|BufferedWriter|_TemporaryFileWrapper) is not JSON serializable")
NO_FILE = re.compile(r"dump\(\) missing 1 required positional argument: 'fp'")
TWO_GIVEN = re.compile(r"dumps\(\) takes 1 positional argument but 2 were given")
UNPARSED = re.compile(r"string indices must be integers|'(?:str|bytes)' object has no attribute '(?:get|items|keys|values|append|pop|update|setdefault)'")
_FILES = frozenset(
    ["TextIOWrapper", "BufferedReader", "HTTPResponse", "StringIO", "BytesIO", "BufferedRandom", "SpooledTemporaryFile", "_TemporaryFileWrapper", "GzipFile"]
)
_PATHS = frozenset({"PosixPath", "WindowsPath", "Path", "PurePosixPath"})
_JSON_TEXT = re.compile(r"""b?['"]\s*[\[{]""")


def json_calls(context: Context, *names: str) -> list[ast.Call]:
    """Return the calls of the json module's functions on the failing line."""
    found: list[ast.Call] = []
    for node in context.nodes(lambda item: isinstance(item, ast.Call) and bool(item.args)):
        assert isinstance(node, ast.Call)
        if function_of(context.module, node) in names:
            found.append(node)
    return found


def function_of(module: Module, call: ast.Call) -> str:
    """Return which function of a JSON module a call runs (`loads`), "" where it is none."""
    imports = index(module).imports
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        source = imports.get(call.func.value.id, ("", ""))
        return call.func.attr if source[0] in ("json", "simplejson", "ujson") or source[1] == "json" else ""
    if isinstance(call.func, ast.Name):
        source = imports.get(call.func.id, ("", ""))
        return source[1] if source[0] in ("json", "simplejson", "ujson") else ""
    return ""


def renamed(context: Context, call: ast.Call, name: str) -> list[tuple[Module, Edit]]:
    """Return the edits that call another function of the json module."""
    module = context.module
    if isinstance(call.func, ast.Attribute):
        end = module.span(call.func)[1]
        return [(module, Edit(end - len(call.func.attr), end, name))]
    text, extra = need(context.project, module, "json", name)
    return [(module, Edit(*module.span(call.func), text)), *((module, edit) for edit in extra)]


def mixed_up(context: Context) -> Iterator[Idea]:
    """Yield the call, or the argument, that fits what was given."""
    message, module = context.raised.message, context.module
    if match := NOT_TEXT.search(message):
        for call in json_calls(context, "loads"):
            yield from _not_text(context, call, match["kind"].rsplit(".", 1)[-1])
            return
    elif match := NO_READ.match(message):
        for call in json_calls(context, "load"):
            yield from _no_file(context, call, match["kind"].rsplit(".", 1)[-1])
            return
    elif match := NO_WRITE.match(message):
        for call in json_calls(context, "dump"):
            yield from _no_writer(context, call, match["kind"].rsplit(".", 1)[-1])
            return
    elif FILE_FIRST.match(message):
        for call in json_calls(context, "dump"):
            yield from _no_writer(context, call, "dict")
            return
    elif NO_FILE.search(message):
        for call in json_calls(context, "dump"):
            yield Idea(
                title="make text of it with json.dumps()",
                why="json.dump() writes to a file, and none is given. The edit uses json.dumps(), which gives the text.",
                edits=renamed(context, call, "dumps"),
                prior=0.94,
            )
            return
    elif TWO_GIVEN.search(message):
        for call in json_calls(context, "dumps"):
            if len(call.args) == 2 and kind_of(context, call.args[1]) not in ("int", "str"):
                yield Idea(
                    title="write it to the file with json.dump()",
                    why="json.dumps() takes no file, and one is given. The edit uses json.dump(), which writes to it.",
                    edits=renamed(context, call, "dump"),
                    prior=0.92,
                )
            elif len(call.args) == 2:
                start = module.span(call.args[1])[0]
                yield Idea(
                    title="give the indentation by name",
                    why="json.dumps() takes its options by name only. The edit names the indentation.",
                    edits=[(module, Edit(start, start, "indent="))],
                    prior=0.9,
                )
            return


def _not_text(context: Context, call: ast.Call, kind: str) -> Iterator[Idea]:
    module, given = context.module, call.args[0]
    text = short(module.segment(given))
    if kind in _FILES or (kind.endswith(("Reader", "Wrapper", "Response", "File")) and kind != "Response"):
        edits = renamed(context, call, "load") if isinstance(call.func, ast.Attribute) else [(module, suffixed(module, given, ".read()"))]
        yield Idea(
            title=f"read {text} with json.load()",
            why=f"{text} is a file ({kind}), and json.loads() takes its text. The edit uses json.load(), which reads the file.",
            edits=edits,
            prior=0.95,
        )
    elif kind in _PATHS:
        yield _of_path(context, call, f"{text} is the path of a file, and json.loads() takes its text.", as_path=True)
    elif kind == "Response":
        yield Idea(
            title=f"take the parsed body of {text}",
            why=f"{text} is the whole response. The edit takes its body, parsed.",
            edits=[(module, Edit(*module.span(call), f"{module.segment(given)}.json()"))],
            prior=0.9,
        )
    elif kind in ("dict", "list"):
        yield Idea(
            title=f"use {text} as it is: it is parsed already",
            why=f"{text} is a {kind} already, and json.loads() takes text. The edit uses it as it is.",
            edits=[(module, Edit(*module.span(call), module.segment(given)))],
            prior=0.9,
            alternatives=("Making text of it first only to parse it again.",),
        )
    elif kind == "memoryview":
        yield Idea(
            title=f"take the bytes of {text}",
            why=f"{text} is a view of bytes, which json.loads() does not take. The edit takes its bytes.",
            edits=[(module, Edit(*module.span(given), f"bytes({module.segment(given)})"))],
            prior=0.9,
        )


def _of_path(context: Context, call: ast.Call, why: str, *, as_path: bool) -> Idea:
    module, given = context.module, call.args[0]
    inner = module.segment(given)
    extra: list[Edit] = []
    if not as_path:
        name, extra = need(context.project, module, "pathlib", "Path")
        inner = f"{name}({inner})"
    spelled = inner if not as_path or isinstance(given, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({inner})"
    edits = [(module, Edit(*module.span(given), f'{spelled}.read_text(encoding="utf-8")')), *((module, edit) for edit in extra)]
    if function_of(module, call) == "load":
        edits += renamed(context, call, "loads")
    return Idea(
        title=f"parse the text of the file {short(module.segment(given))}",
        why=f"{why} The edit reads the file.",
        edits=edits,
        prior=0.92,
        alternatives=("Opening the file with a `with` block: the same comes out.",),
    )


def _no_file(context: Context, call: ast.Call, kind: str) -> Iterator[Idea]:
    module, given = context.module, call.args[0]
    text = short(module.segment(given))
    if kind in _PATHS:
        yield _of_path(context, call, f"{text} is the path of a file, and json.load() takes an open one.", as_path=True)
    elif kind in ("str", "bytes", "bytearray"):
        value = value_of(context, given)
        if isinstance(value, str) and "\n" not in value and not value.lstrip().startswith(("{", "[", '"')) and re.search(r"\.\w{2,6}$", value):
            yield _of_path(context, call, f"{text} is the name of a file, and json.load() takes an open one.", as_path=False)
            return
        yield Idea(
            title=f"parse {text} with json.loads()",
            why=f"{text} is {'text' if kind == 'str' else 'bytes'}, and json.load() takes an open file. The edit uses json.loads(), which takes the text.",
            edits=renamed(context, call, "loads"),
            prior=0.94,
        )
    elif kind in ("dict", "list"):
        yield Idea(
            title=f"use {text} as it is: it is parsed already",
            why=f"{text} is a {kind} already, and json.load() takes an open file. The edit uses it as it is.",
            edits=[(module, Edit(*module.span(call), module.segment(given)))],
            prior=0.88,
        )


def _no_writer(context: Context, call: ast.Call, kind: str) -> Iterator[Idea]:
    module = context.module
    if len(call.args) != 2:
        return
    one, other = module.segment(call.args[0]), module.segment(call.args[1])
    if kind in ("dict", "list") and kind_of(context, call.args[0]) not in ("dict", "list"):
        yield Idea(
            title=f"give {short(other)} first and the file behind it",
            why="json.dump() takes what is written first and the file second, and they are given the other way round. The edit puts them right.",
            edits=[(module, Edit(*module.span(call.args[0]), other)), (module, Edit(*module.span(call.args[1]), one))],
            prior=0.94,
        )
    elif kind in ("str", *_PATHS):
        name, extra = (other, []) if kind != "str" else need(context.project, module, "pathlib", "Path")
        path = name if kind != "str" else f"{name}({other})"
        start, end = module.span(call)
        rest = module.text[module.span(call.args[1])[1] : end - 1]
        function = module.segment(call.func)
        dumps = f"{function[: -len('dump')]}dumps" if isinstance(call.func, ast.Attribute) else ""
        if dumps:
            yield Idea(
                title=f"write the text to the file {short(other)}",
                why=f"{short(other)} is the name of a file, and json.dump() takes an open one. The edit writes the text to the file of that name.",
                edits=[(module, Edit(start, end, f'{path}.write_text({dumps}({one}{rest}), encoding="utf-8")')), *((module, edit) for edit in extra)],
                prior=0.88,
            )


def unparsed(context: Context) -> Iterator[Idea]:
    """Yield json.loads() where JSON text comes in and is used as what it says."""
    module = context.module
    for node in context.nodes(lambda item: isinstance(item, ast.Subscript | ast.Attribute)):
        assert isinstance(node, ast.Subscript | ast.Attribute)
        view = context.view(node.value)
        if view is None or view.type not in ("str", "bytes") or not _JSON_TEXT.match(view.repr):
            continue
        spots = trace(context, node.value)
        double = _doubled_dumps(context) if any(function_of(spot.module, call) in ("loads", "load") for spot in spots for call in _calls(spot.node)) else None
        if double is not None:
            yield double
        spot = next((item for item in reversed(spots[1:]) if isinstance(item.node, ast.Call) and item.how in ("assigned", "argument", "global")), None)
        target = (spot.module, spot.node) if spot is not None and not is_test(spot.module.rel) else (module, node.value)
        name, extra = need_module(context.project, target[0], "json")
        text = short(target[0].segment(target[1]))
        yield Idea(
            title=f"parse {text} with json.loads()",
            why=f"{short(module.segment(node.value))} is the text of a JSON document, and is used as the document. The edit parses it where it comes in.",
            edits=[
                (target[0], Edit(*target[0].span(target[1]), f"{name}.loads({target[0].segment(target[1])})")),
                *((target[0], edit) for edit in extra),
            ],
            prior=0.9 if double is None else 0.7,
        )
        return


def _calls(node: ast.expr) -> list[ast.Call]:
    return [item for item in ast.walk(node) if isinstance(item, ast.Call)]


def _doubled_dumps(context: Context) -> Idea | None:
    """Return the repair of a writer that makes JSON text of JSON text."""
    for module in context.project.containing("dumps"):
        if is_test(module.rel):
            continue
        for call in (item for item in module.nodes if isinstance(item, ast.Call) and function_of(module, item) in ("dumps", "dump") and item.args):
            inner = [spot.node for spot in trace(context, call.args[0], module)]
            for node in inner:
                if isinstance(node, ast.Call) and function_of(module, node) == "dumps" and node is not call:
                    if function_of(module, call) == "dumps" and node is call.args[0]:
                        edit = Edit(*module.span(call), module.segment(node))
                    elif function_of(module, call) == "dumps":
                        edit = Edit(*module.span(call), module.segment(call.args[0]))
                    else:
                        edit = Edit(*module.span(node), module.segment(node.args[0]))
                    return Idea(
                        title="write the document once as JSON, and not its text again",
                        why=f"{module.rel}:{call.lineno} makes JSON text of what is JSON text already, so that parsing it gives text. The edit makes it once.",
                        edits=[(module, edit)],
                        prior=0.88,
                        alternatives=("Parsing it twice where it is read.",),
                    )
    return None


def is_json_call(module: Module, node: ast.AST, *names: str) -> bool:
    """Say whether a node is a call of one of some functions of the json module."""
    return isinstance(node, ast.Call) and (function_of(module, node) in names or (last_name(node.func) in names and last_name(node.func) == "dumps"))
