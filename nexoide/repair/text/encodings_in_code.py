"""Where a program says which encoding text has: the calls that read and write it, and what the project says elsewhere."""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.literals_in_code import literal_of
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.resources.closed_blocks import statement_at
from nexoide.repair.text.bytes_and_text import mode_of

Direction = Literal["decode", "encode", ""]
_POSITION = {"decode": 0, "encode": 0, "read_text": 0, "write_text": 1, "str": 1, "bytes": 1, "TextIOWrapper": 1, "getincrementaldecoder": 0}
_OPENERS = frozenset({"open", "fdopen", "NamedTemporaryFile", "TemporaryFile", "input", "FileHandler", "RotatingFileHandler", "TextIOWrapper"})
_READERS = frozenset({"read_text", "decode", "str", "read_csv", "read_json", "read_table", "getincrementaldecoder"})
_WRITERS = frozenset({"write_text", "encode", "bytes", "to_csv", "FileHandler", "RotatingFileHandler"})
_NAMED = re.compile(
    r"\b(?P<name>windows[-_ ]?125\d|cp[-_ ]?(?:125\d|437|850|852|932)|iso[-_ ]?8859[-_ ]?\d{1,2}|latin[-_ ]?\d|utf[-_ ]?(?:16|32)(?:[-_ ]?[lb]e)?"
    r"|utf[-_ ]?8[-_ ]sig|shift[-_ ]?jis|gbk|gb18030|gb2312|big5|euc[-_ ](?:jp|kr)|koi8[-_ ][ru]|mac[-_ ]?roman|utf[-_ ]?8|us[-_ ]ascii|ascii)(?![\w])",
    re.IGNORECASE,
)
MAX_MODULES = 60


@dataclass(frozen=True, slots=True)
class Site:
    """One call that turns text into bytes or back; `given` is the encoding's expression, None where the call names none."""

    module: Module
    call: ast.Call
    direction: Direction
    given: ast.expr | None

    @property
    def where(self) -> str:
        """The place as people write it."""
        return f"{self.module.rel}:{self.call.lineno}"

    def encoding(self, context: Context) -> str:
        """Return the encoding that the call surely uses, as Python calls it; "" where it names none or a variable one."""
        if self.given is None:
            return "utf-8" if last_name(self.call.func) in ("encode", "decode") else ""
        literal = literal_of(context, self.given, self.module)
        return normal(str(literal.node.value)) if literal is not None and isinstance(literal.node, ast.Constant) else ""

    def edit(self, context: Context, name: str) -> list[tuple[Module, Edit]]:
        """Return the edits that make the call use an encoding; none where it takes it from elsewhere."""
        if self.given is not None:
            literal = literal_of(context, self.given, self.module)
            if literal is None or is_test(literal.module.rel):
                return []
            quote = literal.text[0] if literal.text[0] in "'\"" else '"'
            return [(literal.module, Edit(*literal.module.span(literal.node), f"{quote}{name}{quote}"))]
        call, module = self.call, self.module
        bare = last_name(call.func) in ("encode", "decode") and not call.args
        new = f'"{name}"' if bare else f'encoding="{name}"'
        rest = [*call.args, *(item.value for item in call.keywords)]
        end = module.span(call)[1] - 1
        if not rest:
            return [(module, Edit(end, end, new))]
        first = module.span(call.keywords[0])[0] if bare else 0
        if first:
            return [(module, Edit(first, first, f"{new}, "))]
        at = max(module.span(item)[1] for item in rest)
        return [(module, Edit(at, at, f", {new}"))]


def normal(name: str) -> str:
    """Return the name that Python's codecs give an encoding, "" for an unknown one."""
    text = re.sub(r"[\s_]+", "-", name.strip().lower())
    text = re.sub(r"^iso-?8859-?", "iso-8859-", text)
    text = re.sub(r"^windows-?", "cp", text)
    text = re.sub(r"^cp-", "cp", text)
    text = re.sub(r"^latin-?(\d)$", r"latin-\1", text)
    text = re.sub(r"^utf-?(\d+)", r"utf-\1", text)
    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        return ""


def site_of(module: Module, call: ast.Call) -> Site | None:
    """Return what a call says about an encoding, or None where it handles no text."""
    name = last_name(call.func)
    keyword = next((item.value for item in call.keywords if item.arg == "encoding"), None)
    if name in _OPENERS:
        mode = mode_of(call)[1]
        if "b" in mode or (name in ("NamedTemporaryFile", "TemporaryFile") and not mode):
            return None
        writes = any(letter in mode for letter in "wax") or "Handler" in name
        direction: Direction = "" if "+" in mode or name == "TextIOWrapper" else "encode" if writes else "decode"
        place = 3 if name == "open" and isinstance(call.func, ast.Name) else 2 if name == "open" else _POSITION.get(name, 99)
        given = keyword or (call.args[place] if place < len(call.args) else None)
        return Site(module, call, direction, given)
    if name in ("str", "bytes") and len(call.args) + len(call.keywords) < 2:
        return None
    if name in _READERS | _WRITERS and (isinstance(call.func, ast.Attribute) or name in ("str", "bytes")):
        place = _POSITION.get(name, 99)
        given = keyword or (call.args[place] if place < len(call.args) else None)
        return Site(module, call, "encode" if name in _WRITERS else "decode", given)
    if name in ("run", "Popen", "check_output") and any(item.arg in ("text", "encoding", "universal_newlines") for item in call.keywords):
        return Site(module, call, "decode", keyword)
    if name == "reconfigure" and keyword is not None:
        return Site(module, call, "encode", keyword)
    return None


def all_sites(project: Project) -> Iterator[Site]:
    """Yield the project's calls that handle encodings, tests left out."""
    for module in project.containing("")[:MAX_MODULES]:
        if not is_test(module.rel):
            for node in module.nodes:
                site = site_of(module, node) if isinstance(node, ast.Call) else None
                if site is not None:
                    yield site


def sites(context: Context, direction: Direction) -> list[Site]:
    """Return the calls that may have failed to read or write text, the likeliest first: on the line, bound to its names, in its functions."""
    found: list[Site] = []
    here: Context | None = context
    for _ in range(4):
        if here is None:
            break
        nodes = here.nodes(lambda node: isinstance(node, ast.expr))
        inner = [item for node in nodes[:40] for item in ast.walk(node)]
        for node in inner:
            if isinstance(node, ast.Call):
                _add(found, site_of(here.module, node), direction)
        for node in inner:
            if isinstance(node, ast.Name | ast.Attribute):
                for spot in trace(here, node):
                    for call in ast.walk(spot.node):
                        if isinstance(call, ast.Call):
                            _add(found, site_of(spot.module, call), direction)
        failing = statement_at(here)
        function = here.module.function(failing) if failing is not None else None
        for item in own_nodes(function) if function is not None else ():
            if isinstance(item, ast.Call) and last_name(item.func) in _OPENERS | {"reader", "DictReader"}:
                _add(found, site_of(here.module, item), direction)
        if found:
            break
        here = here.outer()
    return found


def _add(found: list[Site], site: Site | None, direction: Direction) -> None:
    if site is not None and site.direction in (direction, "") and all(site.call is not item.call for item in found) and not is_test(site.module.rel):
        found.append(site)


def mentions(project: Project) -> Iterator[tuple[str, Module]]:
    """Yield the encodings that the project's files name, in code, docstrings and comments, each with its file."""
    for module in project.containing("")[:MAX_MODULES]:
        if not is_test(module.rel):
            for match in _NAMED.finditer(module.text):
                name = normal(match["name"])
                if name:
                    yield name, module
