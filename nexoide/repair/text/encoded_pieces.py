"""Texts that are decoded in pieces, or by a length that counts characters: bytes of one character end up on both sides of a cut."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.naming.importing import need_module

_PIECES = frozenset({"recv", "read", "read1", "recv_into", "readexactly", "iter_content", "iter_bytes", "recvfrom", "iter_chunked"})


def cut_pieces(context: Context, why: str) -> Iterator[Idea]:
    """Yield a decoder that keeps what a piece leaves over, or the length in bytes where it is written."""
    if not any(text in why for text in ("unexpected end of data", "invalid start byte", "invalid continuation byte")):
        return
    for call in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "decode"):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            idea = _piecewise(context, call, call.func.value)
            if idea is not None:
                yield idea
                return
            if "unexpected end" in why:
                yield from _lengths(context)
            return


def _piecewise(context: Context, call: ast.Call, value: ast.expr) -> Idea | None:
    module = context.module
    loop = next((item for item in module.ancestors(call) if isinstance(item, ast.While | ast.For | ast.AsyncFor)), None)
    indent = module.own_indent(loop) if loop is not None else None
    if loop is None or indent is None or not _is_piece(loop, value):
        return None
    name = free_name(module, call, ["decoder", "text_decoder"])
    if name is None or (call.args and not isinstance(call.args[0], ast.Constant)):
        return None
    encoding = module.segment(call.args[0]) if call.args else '"utf-8"'
    codecs, extra = need_module(context.project, module, "codecs")
    at = module.span(loop)[0]
    new = f"{name} = {codecs}.getincrementaldecoder({encoding})()\n{indent}"
    text = module.segment(value)
    return Idea(
        title="decode the pieces with one decoder that keeps what a piece leaves over",
        why=f"{short(text)} is a piece of the data that may end inside a character. The edit decodes all pieces with one decoder, which waits for the rest.",
        edits=[
            (module, Edit(at, at, new)),
            (module, Edit(*module.span(call), f"{name}.decode({text})")),
            *((module, edit) for edit in extra),
        ],
        prior=0.92,
        alternatives=("Ignoring the bytes that do not fit: characters at the cuts would be lost.",),
    )


def _is_piece(loop: ast.While | ast.For | ast.AsyncFor, value: ast.expr) -> bool:
    """Say whether a value is one of the pieces that a loop reads."""
    if isinstance(value, ast.Call):
        return last_name(value.func) in _PIECES and bool(value.args)
    if not isinstance(value, ast.Name):
        return False
    if isinstance(loop, ast.For | ast.AsyncFor):
        target = isinstance(loop.target, ast.Name) and loop.target.id == value.id
        inner = [item for item in ast.walk(loop.iter) if isinstance(item, ast.Attribute | ast.Name | ast.Subscript)]
        names = {last_name(item) for item in inner}
        return target and bool(names & _PIECES or {name for name in names if "chunk" in name.lower() or "piece" in name.lower()})
    for node in ast.walk(loop):
        given = node.value if isinstance(node, ast.Assign | ast.NamedExpr) else None
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.NamedExpr) else []
        if isinstance(given, ast.Call) and any(isinstance(item, ast.Name) and item.id == value.id for item in targets):
            return last_name(given.func) in _PIECES and bool(given.args)
    return False


def _lengths(context: Context) -> Iterator[Idea]:
    """Yield the length of the encoded text, where a function sends the length of the text before it."""
    for module in context.project.containing("len(", "encode("):
        if is_test(module.rel):
            continue
        for edit, text in _character_counts(module):
            yield Idea(
                title=f"count the bytes of {short(text)} and not its characters",
                why=f"The length of {short(text)} is sent before its bytes, and counts characters, of which some are several bytes. The edit counts bytes.",
                edits=[(module, edit)],
                prior=0.91,
                alternatives=("Decoding what is there: the rest of the text would be lost, and what follows be read wrong.",),
            )
            return


def _character_counts(module: Module) -> Iterator[tuple[Edit, str]]:
    encoded: dict[tuple[ast.AST | None, str], str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) == "encode" and isinstance(node.func, ast.Attribute):
            encoded[module.function(node), module.segment(node.func.value)] = module.segment(node)
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1:
            text = module.segment(node.args[0])
            made = encoded.get((module.function(node), text))
            if made is not None:
                yield Edit(*module.span(node.args[0]), made), text
