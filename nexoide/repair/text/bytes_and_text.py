"""Bytes where text is wanted and text where bytes are: the mode of the file, or decoding and encoding at the boundary."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short, suffixed

WANTS_BYTES = re.compile(
    r"a bytes-like object is required, not '(?:str|\w*IO)'|can't concat str to bytes|(?:Strings|Unicode-objects) must be encoded before hashing"
    r"|startswith first arg must be bytes|endswith first arg must be bytes|sequence item \d+: expected a bytes-like object, str found"
    r"|key: expected bytes or bytearray, but got 'str'|POST data should be bytes|encoding without a string argument"
    r"|(?:argument|data|key|msg|salt|password|value).{0,60}(?:bytes|buffer).{0,60}not '?str'?|string argument without an encoding|cannot use a bytes pattern"
    r"|expected bytes, str found|File must be opened in binary mode"
)
WANTS_TEXT = re.compile(
    r"can only concatenate str \(not \"(?:bytes|bytearray)\"\) to str"
    r"|write\(\) argument must be str, not bytes|cannot use a string pattern on a bytes-like object"
    r"|startswith first arg must be str|endswith first arg must be str|string argument expected, got 'bytes'|initial_value must be str or None, not bytes"
    r"|iterator should return strings, not bytes|sequence item \d+: expected str instance, bytes found|must be str or None, not bytes"
    r"|'in <string>' requires string as left operand, not bytes|replace\(\) argument \d must be str, not bytes|must be str, not bytes"
)
_SENDERS = frozenset(
    [
        *["send", "sendall", "sendto", "b64encode", "b64decode", "urlsafe_b64encode"],
        *["compress", "encodebytes", "hexlify", "crc32", "BytesIO", "write_bytes"],
    ]
)
_HASHES = frozenset({"md5", "sha1", "sha256", "sha512", "sha384", "sha224", "blake2b", "blake2s", "update", "new", "pbkdf2_hmac", "digest", "sha3_256"})


def bytes_wanted(context: Context) -> Iterator[Idea]:
    """Yield what gives bytes where text was given, or text all along where the bytes were only read that way."""
    message = context.raised.message
    yield from _binary_mode(context, message)
    for call in _calls(context):
        name = last_name(call.func)
        if name in ("run", "Popen", "check_output", "communicate") and "bytes-like" in message and not _has(call, "text", "encoding", "universal_newlines"):
            yield from _with_text(context, call)
            return
        if name == "write" and isinstance(call.func, ast.Attribute):
            yield from _writer(context, call.func.value, call.args[0] if call.args else None, to_text=True)
            return
        if name in _SENDERS | _HASHES or "hashing" in message or "buffer" in message or "expected bytes or bytearray" in message or "POST data" in message:
            texts = [item for item in (*call.args, *(keyword.value for keyword in call.keywords)) if _is_text(context, item)]
            if texts:
                yield _encoded(context, texts)
                return
        if name == "join" and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant):
            start = context.module.span(call.func.value)[0]
            yield Idea(
                title="join with text",
                why="The items are text, and they are joined with bytes. The edit joins them with text.",
                edits=[(context.module, Edit(start, start + 1, ""))],
                prior=0.72,
            )
            return
    yield from _receiver(context)


def _calls(context: Context) -> list[ast.Call]:
    found = [node for node in context.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]
    return sorted(found, key=lambda call: last_name(call.func) not in (_SENDERS | _HASHES | {"write", "run"}))


def _has(call: ast.Call, *names: str) -> bool:
    return any(item.arg in names for item in call.keywords)


def _is_text(context: Context, node: ast.expr) -> bool:
    return kind_of(context, node) == "str" or (isinstance(node, ast.BinOp) and any(_is_text(context, item) for item in (node.left, node.right)))


def _encoded(context: Context, nodes: list[ast.expr]) -> Idea:
    module = context.module
    edits: list[tuple[Module, Edit]] = []
    for node in nodes:
        start = module.span(node)[0]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isascii() and module.text[start] in "'\"":
            edits.append((module, Edit(start, start, "b")))
        else:
            edits.append((module, suffixed(module, node, ".encode()")))
    return Idea(
        title=f"encode {short(module.segment(nodes[0]))} where bytes are wanted",
        why=f"{short(module.segment(nodes[0]))} is text, and bytes are wanted here. The edit encodes it as UTF-8 at this boundary.",
        edits=edits,
        prior=0.9,
        nature="call",
        unchecked=("Whether the other side expects UTF-8.",),
    )


def _with_text(context: Context, call: ast.Call) -> Iterator[Idea]:
    end = context.module.span(call)[1] - 1
    if last_name(call.func) == "communicate":
        texts = [item for item in (*call.args, *(keyword.value for keyword in call.keywords)) if _is_text(context, item)]
        if texts:
            yield _encoded(context, texts)
        return
    yield Idea(
        title="let the process take and give text",
        why="The process is given text as its input, and its streams are bytes unless said otherwise. The edit adds text=True.",
        edits=[(context.module, Edit(end, end, ", text=True"))],
        prior=0.9,
        nature="call",
    )


def _binary_mode(context: Context, message: str) -> Iterator[Idea]:
    """Yield the binary mode for a file that a library reads as bytes."""
    if "binary mode" not in message:
        names = {last_name(call.func): call for call in _calls(context)}
        if not ({"load", "dump"} & set(names) and "pickle" in context.module.text):
            return
    for opening in _openings(context):
        edit = mode_edit(opening.module, opening.node, to_text=False)
        if edit is not None:
            yield _mode_idea(opening, edit, "is read as bytes by the call that failed", "binary", 0.92)
            return


def _openings(context: Context) -> Iterator[Spot]:
    """Yield the calls of open() that the names of the failing line go back to."""
    statement = next(iter(context.nodes(lambda node: isinstance(node, ast.stmt))), None)
    names = (
        [item for item in ast.walk(statement) if isinstance(item, ast.Name | ast.Attribute) and isinstance(item.ctx, ast.Load)] if statement is not None else []
    )
    for name in names:
        for spot in trace(context, name):
            if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "open":
                yield spot
    if isinstance(statement, ast.stmt):
        for item in ast.walk(statement):
            if isinstance(item, ast.Call) and last_name(item.func) == "open":
                yield Spot(context.module, item, "use")


def mode_of(call: ast.Call) -> tuple[ast.Constant | None, str]:
    """Return the mode argument of an `open` call (a function's or a path's) and its value, "r" where none is given."""
    place = 1 if isinstance(call.func, ast.Name) or last_name(getattr(call.func, "value", None)) in ("io", "codecs", "gzip", "bz2", "lzma", "builtins") else 0
    node = next((item.value for item in call.keywords if item.arg == "mode"), call.args[place] if len(call.args) > place else None)
    return (node, node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else (None, "r" if node is None else "")


def mode_edit(module: Module, call: ast.expr, *, to_text: bool) -> Edit | None:
    """Return the edit that opens a file in text or in binary mode; None where the mode is no literal or is so already."""
    if not isinstance(call, ast.Call):
        return None
    node, mode = mode_of(call)
    if not mode or ("b" in mode) != to_text:
        return None
    if node is None:
        if _has(call, "encoding", "newline", "errors"):
            return None
        end = module.span(call.args[0])[1] if call.args else module.span(call)[1] - 1
        return Edit(end, end, ', "rb"' if call.args else '"rb"')
    start, end = module.span(node)
    mark = module.text[start]
    if not to_text and _has(call, "encoding", "newline", "errors"):
        return None
    new = mode.replace("b", "") if to_text else mode.replace("t", "")[:1] + "b" + mode.replace("t", "")[1:]
    return Edit(start, end, f"{mark}{new}{mark}")


def _mode_idea(opening: Spot, edit: Edit, why: str, kind: str, prior: float) -> Idea:
    return Idea(
        title=f"open the file in {kind} mode",
        why=f"The file of {opening.module.rel}:{opening.node.lineno} {why}. The edit opens it in {kind} mode.",
        edits=[(opening.module, edit)],
        prior=prior,
        alternatives=("Converting each value: the whole file is read or written one way.",),
    )


def _writer(context: Context, stream: ast.expr, value: ast.expr | None, *, to_text: bool) -> Iterator[Idea]:
    """Yield the mode that all writes of a file want, else the conversion of this one."""
    opening = next((spot for spot in trace(context, stream) if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "open"), None)
    if opening is not None and _all_writes(context, stream, "str" if to_text else "bytes"):
        edit = mode_edit(opening.module, opening.node, to_text=to_text)
        if edit is not None:
            what = "text" if to_text else "bytes"
            yield _mode_idea(opening, edit, f"is only written {what}", "text" if to_text else "binary", 0.9)
            return
    if value is None:
        return
    if to_text:
        yield _encoded(context, [value])
    else:
        yield _decoded(context, context.module, value, 0.75)


def _all_writes(context: Context, stream: ast.expr, kind: str) -> bool:
    module = context.module
    wanted = module.segment(stream)
    function = module.function(stream)
    for item in own_nodes(function) if function is not None else module.nodes:
        if (
            isinstance(item, ast.Call)
            and isinstance(item.func, ast.Attribute)
            and item.func.attr == "write"
            and item.args
            and module.segment(item.func.value) == wanted
        ):
            found = kind_of(context, item.args[0])
            if found and found != kind:
                return False
    return True


def _receiver(context: Context) -> Iterator[Idea]:
    """Yield the decoding, at its origin, of bytes that the line treats as text; where everything else is bytes, the literal as bytes."""
    module = context.module
    for node, texts in _mixed(context):
        literal = [item for item in texts if isinstance(item, ast.Constant)]
        for spot in reversed(trace(context, node)):
            if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "open":
                edit = mode_edit(spot.module, spot.node, to_text=True)
                if edit is not None:
                    yield _mode_idea(spot, edit, "is read as text", "text", 0.88)
                    return
        idea = _decode_at_origin(context, node)
        if idea is not None:
            yield idea
        if literal:
            edits = [(module, Edit(module.span(item)[0], module.span(item)[0], "b")) for item in literal if module.text[module.span(item)[0]] in "'\""]
            if edits:
                yield Idea(
                    title="look for bytes in bytes",
                    why=f"{short(module.segment(node))} is bytes, and the line uses text with it. The edit makes bytes of the literal.",
                    edits=edits,
                    prior=0.55,
                    nature="call",
                    cautions=("What comes out of it are bytes as well.",),
                )
        elif texts:
            idea = _encoded(context, texts[:1])
            yield Idea(title=idea.title, why=idea.why, edits=idea.edits, prior=0.6, nature="call", unchecked=idea.unchecked)
        return


def _mixed(context: Context) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    """Yield expressions of the line that are (or may be) bytes, with the text that is used with them."""
    for node in context.nodes(lambda node: isinstance(node, ast.Call | ast.Compare | ast.BinOp)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = [item for item in node.args if _is_text(context, item)]
            if texts and (kind_of(context, node.func.value) in ("bytes", "bytearray", "") or _is_kept(node.func.value)):
                yield node.func.value, texts
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn) and _is_text(context, node.left):
            yield node.comparators[0], [node.left]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            kinds = (kind_of(context, node.left), kind_of(context, node.right))
            if "str" in kinds and "bytes" in (*kinds, "bytes"):
                first, second = (node.right, node.left) if kinds[0] == "str" else (node.left, node.right)
                yield first, [second]


def _is_kept(node: ast.expr) -> bool:
    """Say whether an expression is a method that text and bytes both have, which gives what it is called on."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "lstrip", "rstrip", "lower", "upper", "replace")


def _decode_at_origin(context: Context, node: ast.expr) -> Idea | None:
    while _is_kept(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    spots = [spot for spot in trace(context, node) if spot.how not in ("element", "unpacked", "opened", "option")]
    for spot in spots:
        if isinstance(spot.node, ast.Call) and (kind_of(context, spot.node, spot.module) in ("bytes", "") and last_name(spot.node.func) in _BYTES_GIVERS):
            return _decoded(context, spot.module, spot.node, 0.86)
    return _decoded(context, context.module, node, 0.66) if not isinstance(node, ast.Constant) else None


_BYTES_GIVERS = frozenset(
    {
        "recv",
        "read",
        "read_bytes",
        "b64decode",
        "b64encode",
        "check_output",
        "urlopen",
        "encode",
        "readline",
        "urlsafe_b64encode",
        "hexlify",
        "decompress",
        "getvalue",
        "get",
        "digest",
        "dumps",
    }
)


def _decoded(context: Context, module: Module, node: ast.expr, prior: float) -> Idea:
    edits = [(module, suffixed(module, node, ".decode()"))]
    end = module.span(node)[1]
    if isinstance(node, ast.Call) and last_name(node.func) == "check_output":
        edits = [(module, Edit(end - 1, end - 1, ", text=True"))]
    text = short(module.segment(node))
    where = f" at {module.rel}:{node.lineno}" if module is not context.module or node.lineno != context.line else ""
    return Idea(
        title=f"decode {text}",
        why=f"{text} gives bytes{where}, and it is used as text. The edit decodes it as UTF-8 there.",
        edits=edits,
        prior=prior,
        unchecked=("Whether the bytes are always UTF-8.",),
    )


def text_wanted(context: Context) -> Iterator[Idea]:
    """Yield the decoding of bytes where text is wanted, or the binary mode of a file that only takes bytes."""
    message = context.raised.message
    module = context.module
    if "iterator should return strings" in message:
        for opening in _openings(context):
            edit = mode_edit(opening.module, opening.node, to_text=True)
            if edit is not None:
                yield _mode_idea(opening, edit, "is read as text by the call that failed", "text", 0.92)
                return
    for call in _calls(context):
        if last_name(call.func) == "write" and isinstance(call.func, ast.Attribute):
            yield from _writer(context, call.func.value, call.args[0] if call.args else None, to_text=False)
            return
        if last_name(call.func) == "dump" and "pickle" in module.segment(call.func) and len(call.args) > 1:
            yield from _writer(context, call.args[1], None, to_text=False)
            return
        given = [item for item in call.args if kind_of(context, item) == "bytes"]
        if last_name(call.func) == "StringIO" and given:
            yield _decoded(context, module, given[0], 0.84)
            return
        if "pattern" in message and len(call.args) >= 2:
            yield _decode_at_origin(context, call.args[1]) or _decoded(context, module, call.args[1], 0.8)
            return
        if given and last_name(call.func) in ("startswith", "endswith", "replace", "split", "join", "find", "count"):
            yield _as_text(context, given[0])
            return
        if last_name(call.func) == "join" and call.args:
            text = module.segment(call.args[0])
            edit = Edit(*module.span(call.args[0]), f"item.decode() for item in {text}")
            yield Idea(
                title="decode the items before they are joined",
                why=f"The items of {short(text)} are bytes, and they are joined as text. The edit decodes each.",
                edits=[(module, edit)],
                prior=0.8,
            )
            return
    for node in context.nodes(lambda node: isinstance(node, ast.BinOp | ast.AugAssign | ast.Compare)):
        parts = (
            [node.left, node.right]
            if isinstance(node, ast.BinOp)
            else [node.value]
            if isinstance(node, ast.AugAssign)
            else [node.left]
            if isinstance(node, ast.Compare)
            else []
        )
        given = [item for item in parts if kind_of(context, item) in ("bytes", "bytearray")] or parts[-1:]
        if given:
            yield _as_text(context, given[0])
            return


def _as_text(context: Context, node: ast.expr) -> Idea:
    module = context.module
    start, _ = module.span(node)
    if isinstance(node, ast.Constant) and module.text[start] in "bB":
        return Idea(
            title=f"use text for {short(module.segment(node))}",
            why=f"{short(module.segment(node))} is bytes beside text. The edit makes text of the literal.",
            edits=[(module, Edit(start, start + 1, ""))],
            prior=0.88,
        )
    origin = _decode_at_origin(context, node)
    return origin if origin is not None else _decoded(context, module, node, 0.8)
