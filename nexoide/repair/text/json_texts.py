"""Texts that are no JSON document: several documents in a row, none at all, Python's own notation, a comma too many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.contracts import Answer, answer_for_nothing, says_skip
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.scope import needs_parentheses
from nexoide.repair.code.source import FunctionNode
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short, suffixed
from nexoide.repair.naming.importing import need
from nexoide.repair.text.encodings_in_code import sites
from nexoide.repair.text.json_calls import function_of, is_json_call, json_calls
from nexoide.repair.text.json_writers import comma_behind, leftover, python_notation

_AT = re.compile(r"line (?P<line>\d+) column (?P<column>\d+) \(char (?P<char>\d+)\)")
_WORDS = {"an empty list": "[]", "an empty dict": "{}"}
_NO_BODY = re.compile(
    r"(?P<value>``?[^`]{1,20}``?|None|\[\]|\{\}|an empty (?:list|dict))\s*,?\s*(?:is returned |is given )?(?:for|if|when|where|on)\s+"
    r"[\w' ]{0,40}?\b(?:without|no|empty|blank|nothing)\b",
    re.IGNORECASE,
)


def document(context: Context) -> str | None:
    """Return the beginning of the text that was parsed, as far as the frames show it; None where they do not."""
    frames = context.raised.frames
    place = next((number for number, frame in enumerate(frames) if frame is context.frame), len(frames))
    for frame in frames[place + 1 :]:
        view = frame.locals.get("s") or frame.locals.get("string")
        if view is not None and view.type in ("str", "bytes"):
            return _shown(view.repr)
    for call in json_calls(context, "loads"):
        value = value_of(context, call.args[0])
        view = context.view(call.args[0])
        if isinstance(value, str):
            return value
        if view is not None and view.type in ("str", "bytes"):
            return _shown(view.repr)
    return None


def _shown(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text.lstrip("b")[1:].replace("\\n", "\n")
    return value if isinstance(value, str) else value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def text_ideas(context: Context) -> Iterator[Idea]:
    """Yield what makes a document of the text, or reads the documents that it is."""
    message = context.raised.message
    match = _AT.search(message)
    calls = json_calls(context, "loads", "load")
    if match is None:
        return
    if "BOM" in message:
        yield from _marked(context, calls)
        return
    text = document(context)
    if message.startswith("Extra data"):
        yield from leftover(context, text)
        yield from _several(context, calls, int(match["line"]), int(match["column"]))
        return
    if "trailing comma" in message or _comma_behind(text, int(match["char"])):
        yield from comma_behind(context)
        return
    if text is not None and re.match(r"\s*[\[{(]\s*(?:'|b'|\{'|datetime|\d+:|None|True|False)", text):
        yield from python_notation(context, calls)
        return
    if not calls:
        context.refuse("The text is parsed by a library; whether it answers with JSON at all is what to look at.")
        return
    if message.startswith("Expecting value") and (match["char"] == "0" or not (text or "x").strip()):
        prefixed = list(_prefixed(context, calls[0], text))
        yield from prefixed or _nothing(context, calls[0], text)
    elif text is None and message.startswith("Expecting property name") and match["column"] == "2":
        yield from python_notation(context, calls)
    else:
        context.refuse("The text is no JSON document; what writes it is what to look at.")


def _prefixed(context: Context, call: ast.Call, text: str | None) -> Iterator[Idea]:
    """Yield the text without the word in front of the document that the file itself looks for (`data: {...}`)."""
    module, given = context.module, call.args[0] if call.args else None
    start = re.search(r"[\[{]", text or "")
    front = (text or "")[: start.start()] if start else ""
    if not front.strip() or given is None or len(front) > 40 or not isinstance(given, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return
    for node in module.nodes:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip() and front.startswith(node.value)):
            continue
        if front[len(node.value) :].strip():
            continue
        statement = module.parents.get(node)
        at_top = isinstance(statement, ast.Assign) and statement in module.tree.body and isinstance(statement.targets[0], ast.Name)
        name = statement.targets[0].id if at_top and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) else ""
        tested = [name] if name else [module.segment(node)]
        looked_for = any(
            isinstance(item, ast.Call) and last_name(item.func) == "startswith" and item.args and module.segment(item.args[0]) in tested
            for item in module.nodes
        )
        if looked_for:
            suffix = f"[len({name}):]" if name else f"[{len(node.value)}:]"
            yield Idea(
                title=f"parse what follows {front.strip()!r}",
                why=f"The text begins with {front!r}, by which the file knows its lines and which is no part of the document. The edit parses what follows it.",
                edits=[(module, suffixed(module, given, suffix))],
                prior=0.9,
            )
            return


def _comma_behind(text: str | None, char: int) -> bool:
    """Say whether the parser met a closing bracket right behind a comma."""
    if text is None or char > len(text):
        return text is None
    return text[:char].rstrip().endswith(",") and text[char:].lstrip()[:1] in ("]", "}")


def _marked(context: Context, calls: list[ast.Call]) -> Iterator[Idea]:
    found = [site for site in sites(context, "decode") if site.encoding(context) in ("", "utf-8") and site.edit(context, "utf-8-sig")]
    if found:
        yield Idea(
            title=f"read the text as utf-8-sig at {found[0].where}",
            why="The text begins with a byte order mark, which is no part of a JSON document. The edit decodes utf-8-sig, which takes the mark away.",
            edits=found[0].edit(context, "utf-8-sig"),
            prior=0.93,
        )
    elif calls and function_of(context.module, calls[0]) == "loads":
        yield Idea(
            title="take the byte order mark away before parsing",
            why="The text begins with a byte order mark, which is no part of a JSON document. The edit takes it away.",
            edits=[(context.module, suffixed(context.module, calls[0].args[0], '.lstrip("\\ufeff")'))],
            prior=0.84,
            nature="call",
        )


def _several(context: Context, calls: list[ast.Call], line: int, column: int) -> Iterator[Idea]:
    """Yield the documents of a text with one on each line."""
    module = context.module
    if not calls or line < 2 or column > 2:
        context.refuse("More stands behind the document on its line; what writes it there is what to look at.")
        return
    call = calls[0]
    given, function = call.args[0], module.segment(call.func)
    if function_of(module, call) == "load":
        loads, extra = (f"{function[: -len('load')]}loads", []) if isinstance(call.func, ast.Attribute) else need(context.project, module, "json", "loads")
        new = f"[{loads}(line) for line in {module.segment(given)} if line.strip()]"
    else:
        extra = []
        text = module.segment(given)
        simple = isinstance(given, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        new = f"[{function}(line) for line in {text if simple else f'({text})'}.splitlines() if line.strip()]"
    yield Idea(
        title="parse each line as a document of its own",
        why="The text has one JSON document on each line, and it is parsed as if it were one document. The edit parses each line and gives a list.",
        edits=[(module, Edit(*module.span(call), new)), *((module, edit) for edit in extra)],
        prior=0.9,
        alternatives=("Writing one document: what reads line by line, and what is appended, would break.",),
        unchecked=("Documents that are spread over several lines.",),
    )


def _nothing(context: Context, call: ast.Call, text: str | None) -> Iterator[Idea]:
    """Yield what there is instead of an empty text, where the program says it; a read that begins at the wrong place; a blank line."""
    module, given = context.module, call.args[0]
    if function_of(module, call) == "load":
        idea = _rewound(context, call)
        if idea is not None:
            yield idea
            return
    if text is not None and text.strip():
        if re.fullmatch(r"[\w./\\ -]+\.\w{2,6}", text.strip()) and function_of(module, call) == "loads":
            name, extra = need(context.project, module, "pathlib", "Path")
            yield Idea(
                title=f"parse the text of the file {short(module.segment(given))}",
                why=f"{short(module.segment(given))} is the name of a file, {short(text, 32)}, and json.loads() takes its text. The edit reads the file.",
                edits=[
                    (module, Edit(*module.span(given), f'{name}({module.segment(given)}).read_text(encoding="utf-8")')),
                    *((module, edit) for edit in extra),
                ],
                prior=0.92,
            )
            return
        context.refuse(f"What came is no JSON but {short(text, 32)}: where it comes from is what to look at.")
        return
    line = _blank_line(context, call)
    if line is not None and text is not None:
        yield line
        return
    yield from _empty(context, call)


def _empty(context: Context, call: ast.Call) -> Iterator[Idea]:
    module, given = context.module, call.args[0]
    function = context.function(call)
    is_file = function_of(module, call) == "load"
    tested = module.segment(given)
    answer = _said_of_no_body(context, function) or answer_for_nothing(context, function, [tested])
    if answer is None or answer.is_statement:
        context.refuse("The text is empty, and the program does not say what there is then.")
        return
    whole = module.segment(call)
    if is_file:
        loads = f"{module.segment(call.func)[: -len('load')]}loads"
        if not isinstance(call.func, ast.Attribute):
            return
        new = f"{loads}(text) if (text := {tested}.read()).strip() else {answer.text}"
    elif isinstance(given, ast.Name | ast.Attribute):
        new = f"{whole} if {tested} else {answer.text}"
    else:
        name = "body" if "body" in tested or "read" in tested else "text"
        new = f"{module.segment(call.func)}({name}) if ({name} := {tested}) else {answer.text}"
    parent = module.parents.get(call)
    wrapped = f"({new})" if needs_parentheses(module, call) or isinstance(parent, ast.Tuple) else new
    yield Idea(
        title=f"give {answer.text} where the text is empty",
        why=f"The text is empty, which is no JSON document; {answer.why}. The edit gives {answer.text} then.",
        edits=[(module, Edit(*module.span(call), wrapped))],
        prior=answer.sure,
        nature="guard",
        alternatives=("Catching the error: a damaged text would be hidden as well.",),
    )


def _said_of_no_body(context: Context, function: FunctionNode | None) -> Answer | None:
    """Return what a docstring, the function's or its class's, says is given where there is no text: "None for answers without a body"."""
    owner = context.module.owner(function) if function is not None else None
    for node, name in ((function, "()"), (owner, "")):
        match = _NO_BODY.search(" ".join((ast.get_docstring(node) or "").split())) if node is not None else None
        if match is not None and node is not None:
            value = match["value"].strip("`")
            return Answer(_WORDS.get(value.lower(), value), f"the docstring of {node.name}{name} says so", 0.9)
    return None


def _blank_line(context: Context, call: ast.Call) -> Idea | None:
    """Return the repair of a loop over lines of which one is blank."""
    module, given = context.module, call.args[0]
    root = given
    while isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute):
        root = root.func.value
    if not isinstance(root, ast.Name):
        return None
    name = root.id
    why = "One of the lines is blank, and a blank line is no JSON document. The edit leaves blank lines out."
    for item in module.ancestors(call):
        if isinstance(item, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            turn = item.generators[-1]
            if isinstance(turn.target, ast.Name) and turn.target.id == name and not turn.ifs:
                end = module.span(turn.iter)[1]
                return Idea(title="leave blank lines out", why=why, edits=[(module, Edit(end, end, f" if {name}.strip()"))], prior=0.91)
            return None
        if isinstance(item, ast.For | ast.AsyncFor):
            if not (isinstance(item.target, ast.Name) and item.target.id == name):
                return None
            first = item.body[0]
            indent = module.own_indent(first)
            if indent is None:
                return None
            at = module.span(first)[0]
            edit = Edit(at, at, f"if not {name}.strip():\n{indent}    continue\n{indent}")
            sure = 0.91 if not says_skip(module, context.function(call)) else 0.94
            return Idea(title="leave blank lines out", why=why, edits=[(module, edit)], prior=sure)
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return None
    return None


def _rewound(context: Context, call: ast.Call) -> Idea | None:
    """Return the seek to the beginning of a file that was written or read before in the same function."""
    module, given = context.module, call.args[0]
    statement = module.statement(call)
    function = context.function(call)
    if not isinstance(given, ast.Name | ast.Attribute) or statement is None or function is None:
        return None
    text, indent = module.segment(given), module.own_indent(statement)
    before = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Call)
        and node.lineno < call.lineno
        and (
            (isinstance(node.func, ast.Attribute) and module.segment(node.func.value) == text)
            or (is_json_call(module, node, "dump") and any(module.segment(item) == text for item in node.args[1:]))
        )
    ]
    moved = [node for node in before if last_name(node.func) in ("read", "readline", "readlines", "write", "writelines", "dump")]
    if not moved or indent is None or last_name(before[-1].func) == "seek":
        return None
    if any(isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "urlopen" for spot in trace(context, given)):
        return None
    at = module.span(statement)[0]
    what = "written" if last_name(moved[-1].func) in ("write", "writelines", "dump") else "read"
    return Idea(
        title=f"go back to the beginning of {text} before it is parsed",
        why=f"{text} was {what} before at line {moved[-1].lineno}, and reading goes on from there: nothing is left. The edit goes back to its beginning.",
        edits=[(module, Edit(at, at, f"{text}.seek(0)\n{indent}"))],
        prior=0.9,
    )
