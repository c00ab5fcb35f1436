"""AttributeError on a list, dict, set, text, number or iterator: another language's method, or the wrong container to begin with."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import Beginning, beginnings, view_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.idioms import base_type, expression, negated, rename
from nexoide.repair.code.index import last_name
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, failing_access, in_own_code, missing_attribute

_KINDS = frozenset(["list", "dict", "set", "tuple", "str", "bytes", "int", "float", "bool", "deque", "Path", "datetime"])
_LIST = frozenset(["append", "extend", "insert", "sort", "reverse", "pop", "remove"])
_SET = frozenset(["add", "discard", "union", "intersection", "difference", "issubset", "issuperset", "symmetric_difference", "isdisjoint"])
_DICT = frozenset(["items", "keys", "values", "setdefault", "get", "popitem"])
_EMPTY = {"list": "[]", "set": "set()", "dict": "{}"}


_PYTHON_2 = frozenset({"has_key", "iteritems", "itervalues", "iterkeys", "viewitems", "viewkeys", "viewvalues"})


class BuiltinAttribute:
    """Says it as Python does, or begins with the container whose methods are used."""

    name = "builtin-attribute"
    summary = "Uses the method that a list, dict, set or text really has, or begins with the container that the code goes on to use."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="push",
            files={
                "main.py": "def squares(count):\n    found = []\n    for number in range(count):\n        found.push(number * number)\n"
                "    return found\n\n\nprint(squares(3))\n"
            },
            prints="[0, 1, 4]\n",
        ),
        Example(
            name="begun-as-a-dict",
            files={
                "main.py": "def unique(words):\n    seen = {}\n    for word in words:\n        seen.add(word)\n    return len(seen)\n\n\n"
                "print(unique(['a', 'b', 'a']))\n"
            },
            prints="2\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether one of the language's own types lacks an attribute."""
        missing = missing_attribute(raised)
        return missing is not None and missing.kind == "instance" and base_type(missing.owner) in _KINDS

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the method of that type, and the container that the value should have begun as."""
        missing = missing_attribute(context.raised)
        if missing is None or not in_own_code(context):
            return
        node = failing_access(context, missing)
        if node is None:
            return
        kind = base_type(missing.owner)
        begun = list(self._container(context, missing, kind, node))
        yield from begun
        if not begun or kind in ("list", "set", "deque"):
            yield from self._idiom(context, kind, node)
        yield from self._keys_of_dict(context, kind, node)
        yield from self._whole_text(context, kind, node)

    def _idiom(self, context: Context, kind: str, node: ast.Attribute) -> Iterator[Proposal]:
        edits: list[Edit] = []
        words = ""
        old = node.attr in _PYTHON_2 and kind == "dict"
        for use in _all_of_python_2(context.module) if old else _same_receiver(context.module, node):
            call = _call(context.module, use)
            new = rename(kind, use.attr, call)
            if new:
                end = context.module.span(use)[1]
                edits.append(Edit(end - len(use.attr), end, new))
                words = words or f"a {kind} has {new}{'()' if call is not None else ''} for it"
                continue
            said = expression(context.module, kind, use, call)
            if said is None:
                continue
            text, words = said
            whole = call if call is not None else use
            edits.append((negated(context.module, call, text) if call is not None else None) or Edit(*context.module.span(whole), text))
        if not edits:
            return
        proposal = context.propose(
            rule=self.name,
            title=f"say .{node.attr} of a {kind} as Python does",
            rationale=(
                f"The value is a {kind}, which has no {node.attr}: {words}. The edit changes "
                + (f"all {len(edits)} uses {'of such old names in this file' if old else 'on it in this function'}." if len(edits) > 1 else "the one use.")
                + " What the value is, and where it comes from, stays as it is."
            ),
            edits=[(context.module, edit) for edit in edits],
            prior=0.94 if old and len(edits) > 1 else 0.72 if node.attr in ("decode", "encode", "update", "empty", "find") else 0.84,
            nature="call",
            alternatives=(f"Another container than a {kind} at the start: nothing else of the code asks for one.",),
        )
        if proposal is not None:
            yield proposal

    def _container(self, context: Context, missing: MissingAttribute, kind: str, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the edit of an empty or neutral first value that cannot be what its uses need."""
        wanted = _wanted(context, node)
        if not wanted or wanted == kind or _call(context.module, node) is None:
            return
        for origin in beginnings(context.project, context.module, node.value):
            new = _begins(origin, wanted)
            if not new:
                continue
            old = origin.module.segment(origin.node)
            proposal = context.propose(
                rule=self.name,
                title=f"begin with {new} instead of {old}: its {node.attr}() is used",
                rationale=(
                    f"{context.module.segment(node.value)} begins as {old}, and {node.attr}() is a method of a {wanted}, which a {kind} does not have. "
                    f"The edit begins with {new}. The uses stay as they are."
                ),
                edits=[(origin.module, Edit(*origin.module.span(origin.node), new))],
                prior=0.87 if kind != "list" or _only_set_methods(context, node) else 0.5,
                alternatives=(f"A method of a {kind} in the place of {node.attr}(): the other uses ask for a {wanted}.",),
            )
            if proposal is not None:
                yield proposal
            return

    def _keys_of_dict(self, context: Context, kind: str, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield `.values()` for a loop over a dict whose keys were taken for its values."""
        if kind not in ("str", "int", "tuple") or not isinstance(node.value, ast.Name):
            return
        turn = next(
            (
                item
                for item in [*context.module.ancestors(node), *_generators(context.module, node)]
                if isinstance(item, ast.For | ast.comprehension) and isinstance(item.target, ast.Name) and item.target.id == node.value.id
            ),
            None,
        )
        if not isinstance(turn, ast.For | ast.comprehension) or not _is_dict(context, turn.iter):
            return
        fits = node.attr in _DICT or not hasattr(str, node.attr)
        text = context.module.segment(turn.iter)
        end = context.module.span(turn.iter)[1]
        proposal = context.propose(
            rule=self.name,
            title=f"go through the values of {text}, not its keys",
            rationale=(
                f"{text} is a dict, and a loop over a dict gives its keys: {node.value.id} was a {kind}, which has no {node.attr}. "
                f"The edit goes through {text}.values(). The loop's body stays as it is."
            ),
            edits=[(context.module, Edit(end, end, ".values()"))],
            prior=0.82 if fits else 0.6,
            alternatives=(f"{text}.items() with two names: the body uses only one.",),
        )
        if proposal is not None:
            yield proposal

    def _whole_text(self, context: Context, kind: str, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield `.read()` for a `.readlines()` whose result is used as one text, and text made of a number for a text's method."""
        call = _call(context.module, node)
        if kind == "list" and hasattr(str, node.attr) and call is not None:
            for origin in [*beginnings(context.project, context.module, node.value), Beginning(context.module, node.value)]:
                if isinstance(origin.node, ast.Call) and isinstance(origin.node.func, ast.Attribute) and origin.node.func.attr == "readlines":
                    end = origin.module.span(origin.node.func)[1]
                    proposal = context.propose(
                        rule=self.name,
                        title="read the file as one text",
                        rationale=(
                            f"readlines() gives a list of lines, and {node.attr}() is a method of one text. The edit reads the file with read(). "
                            "What is done with the text stays as it is."
                        ),
                        edits=[(origin.module, Edit(end - len("readlines"), end, "read"))],
                        prior=0.7,
                        alternatives=(f"{node.attr}() on every line: its result is used as if there were one.",),
                    )
                    if proposal is not None:
                        yield proposal
                    return
        if kind in ("int", "float") and hasattr(str, node.attr) and call is not None:
            text = context.module.segment(node.value)
            proposal = context.propose(
                rule=self.name,
                title=f"use {node.attr}() on the digits of {text[:40]}",
                rationale=(
                    f"The value is a number ({kind}), and {node.attr}() is a method of text. The edit turns it into text here. "
                    "Where the number comes from stays as it is."
                ),
                edits=[(context.module, Edit(*context.module.span(node.value), f"str({text})"))],
                prior=0.55,
                nature="guard",
                alternatives=("Keeping it as text from the start: nothing shows where it became a number.",),
                unchecked=("Whether other uses of the value count on text.",),
            )
            if proposal is not None:
                yield proposal


def _call(module: Module, node: ast.Attribute) -> ast.Call | None:
    parent = module.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def _all_of_python_2(module: Module) -> list[ast.Attribute]:
    """Return the uses of dict methods that only Python 2 had, where no class of the file has one of that name."""
    own = {node.name for node in module.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return [node for node in module.nodes if isinstance(node, ast.Attribute) and node.attr in _PYTHON_2 - own]


def _same_receiver(module: Module, node: ast.Attribute) -> list[ast.Attribute]:
    """Return the uses of the same foreign name on the same receiver in the function, the failing one among them."""
    function = module.function(node)
    text = module.segment(node.value)
    if function is None or not isinstance(node.value, ast.Name | ast.Attribute):
        return [node]
    return [
        item
        for item in ast.walk(function)
        if isinstance(item, ast.Attribute) and item.attr == node.attr and (item is node or module.segment(item.value) == text)
    ]


def _methods_used(context: Context, node: ast.Attribute) -> set[str]:
    """Return the names of the methods called on the same receiver in the function, or in the class where it is an attribute."""
    module, text = context.module, context.module.segment(node.value)
    around: ast.AST = module.function(node) or module.tree
    if isinstance(node.value, ast.Attribute):
        around = module.owner(node) or around
    elif context.module.function(node) is None:
        around = module.tree
    return {
        item.attr for item in ast.walk(around) if isinstance(item, ast.Attribute) and _call(module, item) is not None and module.segment(item.value) == text
    }


def _wanted(context: Context, node: ast.Attribute) -> str:
    """Return the container whose methods the receiver's uses need, "" where they disagree."""
    if node.attr in _SET:
        return "set"
    if node.attr in _LIST:
        return "list"
    if node.attr in _DICT:
        return "dict"
    if node.attr == "update":
        used = _methods_used(context, node)
        return "set" if used & _SET else "dict"
    return ""


def _only_set_methods(context: Context, node: ast.Attribute) -> bool:
    used = _methods_used(context, node)
    return len(used & _SET) > 1 and not used & {"append", "extend", "insert", "sort", "index", "count"}


def _begins(origin: Beginning, wanted: str) -> str:
    """Return what to put in the place of a first value that is empty or neutral, "" where it is neither."""
    node = origin.node
    if origin.kind == "factory":
        return wanted if isinstance(node, ast.Name) and node.id in ("int", "str", "float", "bool", "list", "dict", "set", "tuple") and node.id != wanted else ""
    if isinstance(node, ast.Constant) and (node.value in ("", 0, b"") or node.value is False):
        return _EMPTY[wanted]
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return _EMPTY[wanted] if not (isinstance(node, ast.List) and wanted == "list") else ""
    if isinstance(node, ast.Dict) and not node.keys:
        return _EMPTY[wanted] if wanted != "dict" else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args and not node.keywords:
        return _EMPTY[wanted] if node.func.id in ("set", "dict", "list", "tuple", "str", "int") and node.func.id != wanted else ""
    if wanted == "list" and isinstance(node, ast.Tuple) and node.elts and isinstance(node.ctx, ast.Load):
        text = origin.module.segment(node)
        return f"[{text[1:-1].rstrip().rstrip(',')}]" if text.startswith("(") and text.endswith(")") else ""
    if wanted == "list" and isinstance(node, ast.Call) and last_name(node.func) == "tuple" and len(node.args) == 1:
        return "list" + origin.module.segment(node)[len(origin.module.segment(node.func)) :]
    return ""


def _generators(module: Module, node: ast.AST) -> Iterator[ast.comprehension]:
    for item in module.ancestors(node):
        if isinstance(item, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            yield from item.generators


def _is_dict(context: Context, node: ast.expr) -> bool:
    """Say whether an expression was a dict in the failing frames, or is one by its source."""
    view = view_of(context, node)
    if view is not None:
        return base_type(view.type) == "dict"
    found = [item.node for item in beginnings(context.project, context.module, node)]
    return bool(found) and all(isinstance(item, ast.Dict | ast.DictComp) or last_name(getattr(item, "func", None)) in ("dict", "defaultdict") for item in found)
