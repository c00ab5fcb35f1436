"""AttributeError on one of several shapes: the same expression is sometimes an object that keeps its value under another name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.idioms import base_type
from nexoide.repair.code.index import Class, last_name
from nexoide.repair.code.names import same_family, similarity
from nexoide.repair.code.scope import free_name, is_first_evaluated, needs_parentheses
from nexoide.repair.code.shapes import Flow, Owner, flow, has_guard, is_unset, owner_of
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, failing_access, in_own_code, missing_attribute

_PLAIN = frozenset(["str", "int", "float", "bool", "bytes", "list", "set", "tuple", "function", "method", "generator", "coroutine", "super"])
_KEY = re.compile(r"['\"](\w+)['\"]\s*:")


@dataclass(frozen=True, slots=True)
class _Substitute:
    """What the object has instead: an attribute, or a key of a dict."""

    name: str
    is_key: bool
    sure: float  # 0 to 1: how clearly it stands for the missing one


class ResponseShape:
    """Reads what the object really has where it lacks the attribute that the other shape has."""

    name = "response-shape"
    summary = "Reads a value in the way that the object at hand offers, where several shapes of object reach one line."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="two-shapes-of-reply",
            files={
                "replies.py": "class ChatReply:\n    def __init__(self, content):\n        self.content = content\n\n\n"
                "class PlainReply:\n    def __init__(self, text):\n        self.text = text\n",
                "main.py": "from replies import ChatReply, PlainReply\n\n\ndef words(reply):\n    return reply.content.split()\n\n\n"
                "for reply in (ChatReply('a b'), PlainReply('c d')):\n    print(words(reply))\n",
            },
            prints="['a', 'b']\n['c', 'd']\n",
        ),
        Example(
            name="dict-read-like-an-object",
            files={"main.py": "def show(user):\n    return user.first + ' ' + user.last\n\n\nprint(show({'first': 'Ann', 'last': 'Lee'}))\n"},
            prints="Ann Lee\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an AttributeError about an instance other than None."""
        missing = missing_attribute(raised)
        return missing is not None and missing.kind == "instance"

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield a fall back, or a plain replacement where nothing else of the project has the attribute."""
        missing = missing_attribute(context.raised)
        if missing is None or not in_own_code(context):
            return
        node = failing_access(context, missing)
        if node is None:
            return
        parent = context.module.parents.get(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            return  # a method: the other rule's case
        owner = owner_of(context, missing.owner, context.raised, node)
        if is_unset(context, missing.attribute, owner):
            return
        reach = flow(context, node, owner.name)
        substitute = _substitute(context, missing, node, owner, reach)
        if substitute is None:
            if reach.strong:
                context.refuse(f"{reach.strong[0].name} has {missing.attribute}, {owner.name} has nothing that clearly stands for it.")
            return
        proposal = _fall_back(context, self.name, missing, node, owner, reach, substitute)
        if proposal is not None:
            yield proposal


def _substitute(context: Context, missing: MissingAttribute, node: ast.Attribute, owner: Owner, reach: Flow) -> _Substitute | None:
    others = [*reach.strong, *reach.weak]
    if missing.owner == "dict":
        return _key(context, missing, node)
    if base_type(owner.name) in _PLAIN:
        text = owner.name == "str" and same_family(missing.attribute, "text")
        return _Substitute("", False, 1.0) if text and (others or reach.reach) else None
    shared = {name for item in reach.strong for name in (*item.attributes, *item.methods)}
    names = [name for name in owner.names if not name.startswith("_") and not owner.is_method(name) and name not in shared]
    family = [name for name in names if same_family(missing.attribute, name)]
    family = [name for name in family if _same_type(missing.attribute, name, owner, others) is not False]
    if len(family) == 1:
        return _Substitute(family[0], False, 1.0)
    exact = [name for name in family if _same_type(missing.attribute, name, owner, others)]
    if len(exact) == 1:
        return _Substitute(exact[0], False, 0.8)
    if family:
        context.refuse(f"{owner.name} has {', '.join(sorted(family)[:4])}: any of them could stand for {missing.attribute}.")
        return None
    if reach.strong:
        data = [name for name in names if owner.is_data(name) and _same_type(missing.attribute, name, owner, others)]
        if len(data) == 1:
            return _Substitute(data[0], False, 0.5)
    return None


def _key(context: Context, missing: MissingAttribute, node: ast.Attribute) -> _Substitute | None:
    """Return the key of a dict that stands for the attribute, read from the value as it was seen."""
    keys = _keys(context, node)
    if missing.attribute in keys:
        return _Substitute(missing.attribute, True, 1.0)
    family = [name for name in keys if same_family(missing.attribute, name)]
    return _Substitute(family[0], True, 0.8) if len(family) == 1 else None


def _keys(context: Context, node: ast.Attribute) -> list[str]:
    """Return the keys of the dict that was read, as far as they were seen."""
    view = context.raised.obj or context.view(node.value)
    if view is None:
        return []
    seen = [item[1:-1] for item in view.keys if len(item) > 2 and item[0] in "'\"" and item[0] == item[-1]]
    return seen or list(dict.fromkeys(_KEY.findall(view.repr)))


def _content(context: Context, node: ast.Attribute) -> object:
    """Return the whole value that was read, where it was short enough to be seen whole; else None."""
    view = context.raised.obj or context.view(node.value)
    try:
        return ast.literal_eval(view.repr) if view is not None else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _as_items(context: Context, node: ast.Attribute) -> list[Edit]:
    """Return the edits that read every value of the same dict in the function by its key, dicts inside it too."""
    module = context.module
    keys, content = set(_keys(context, node)), _content(context, node)
    function: ast.AST = module.function(node) or module.tree
    receiver = ast.dump(node.value)
    edits: list[Edit] = []
    for item in ast.walk(function):
        if not isinstance(item, ast.Attribute) or item.attr not in keys or ast.dump(item.value) != receiver or _is_called(module, item):
            continue
        start, current = module.span(item.value)[1], item
        text = f'["{item.attr}"]'
        held = content.get(item.attr) if isinstance(content, dict) else None
        parent = module.parents.get(item)
        while isinstance(held, dict) and isinstance(parent, ast.Attribute) and parent.attr in held and not _is_called(module, parent):
            text, current, held = f'{text}["{parent.attr}"]', parent, held[parent.attr]
            parent = module.parents.get(parent)
        edits.append(Edit(start, module.span(current)[1], _quoted(module, current, text)))
    return edits


def _is_called(module: Module, node: ast.Attribute) -> bool:
    parent = module.parents.get(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _quoted(module: Module, node: ast.AST, text: str) -> str:
    """Return an item's text with the quotes that may stand inside the f-string around it."""
    around = next((item for item in module.ancestors(node) if isinstance(item, ast.JoinedStr)), None)
    if around is not None and '"' in module.segment(around).lstrip("rRfF")[:1]:
        return text.replace('"', "'")
    return text


def _same_type(attribute: str, name: str, owner: Owner, others: list[Class]) -> bool | None:
    """Say whether the two attributes are annotated alike; None where one of them is not annotated."""
    held = owner.known.attributes.get(name) if owner.known else None
    mine = held.annotation if held else ""
    theirs = {item.attributes[attribute].annotation for item in others if attribute in item.attributes and item.attributes[attribute].annotation}
    return mine in theirs if mine and theirs else None


def _fall_back(
    context: Context, rule: str, missing: MissingAttribute, node: ast.Attribute, owner: Owner, reach: Flow, substitute: _Substitute
) -> Proposal | None:
    module, attribute = context.module, missing.attribute
    others = [*reach.strong, *reach.weak]
    there = f'["{substitute.name}"]' if substitute.is_key else f".{substitute.name}" if substitute.name else ""
    if reach.reach:
        context.thoughts.add("saw", f"by the source, {module.segment(node.value)[:40]} can be {' or '.join(reach.reach[:4])}")
    if others:
        kinds = ", ".join(dict.fromkeys(item.name for item in others[:3]))
        context.thoughts.add(
            "think", f"{kinds} {'has' if len(others) == 1 else 'have'} {attribute}; {owner.name} has {there.strip('.') or 'the text itself'} instead"
        )
    if reach.callers:
        context.thoughts.add("saw", f"{reach.callers} call{'s' if reach.callers > 1 else ''} of the project that give this value looked at")
    plain = not others and (owner.item is not None or substitute.is_key)
    uses = _uses(module, node)
    if plain:
        edits = [Edit(module.span(use.value)[1], module.span(use)[1], _quoted(module, use, there)) for use in uses]
        if substitute.is_key and substitute.sure == 1.0:
            edits = _as_items(context, node) or edits
        title = f"read {there.strip('.')} of {owner.name}, which has no {attribute}"
    else:
        edits = _conditional(module, uses, attribute, there)
        title = f"fall back to {there.strip('.') or 'the text itself'} where there is no {attribute}"
    similar = 0.05 if similarity(attribute, substitute.name) >= 0.7 else 0.0
    surely = plain and substitute.is_key and substitute.sure == 1.0
    prior = (0.86 if surely else 0.42 if plain else 0.87 if reach.strong else 0.62 if others else 0.5) * (0.75 + 0.25 * substitute.sure) + similar
    return context.propose(
        rule=rule,
        title=title,
        rationale=_rationale(attribute, there, owner.name, reach, plain=plain, uses=len(uses)),
        edits=[(module, edit) for edit in edits],
        prior=prior,
        cautions=()
        if substitute.sure == 1.0 and others
        else (f"That {there.strip('.') or 'the text'} stands for {attribute} is read from {'their types' if substitute.sure == 0.5 else 'their names'}.",),
    )


def _uses(module: Module, node: ast.Attribute) -> list[ast.Attribute]:
    """Return the like accesses in the same function: all of a plain name, else the failing one alone."""
    function = module.function(node)
    if not isinstance(node.value, ast.Name) or function is None:
        return [node]
    return [
        item
        for item in ast.walk(function)
        if isinstance(item, ast.Attribute)
        and item.attr == node.attr
        and isinstance(item.ctx, ast.Load)
        and isinstance(item.value, ast.Name)
        and item.value.id == node.value.id
        and (item is node or not has_guard(module, item))
        and not (isinstance(module.parents.get(item), ast.Call) and getattr(module.parents[item], "func", None) is item)
    ]


def _conditional(module: Module, uses: list[ast.Attribute], attribute: str, there: str) -> list[Edit]:
    if len(uses) > 1 or _in_string(module, uses[0]):
        once = _once(module, uses, attribute, there)
        if once is not None:
            return once
    edits: list[Edit] = []
    for use in uses:
        start, end = module.span(use)
        receiver = module.segment(use.value)
        test, name = receiver, receiver
        if not isinstance(use.value, ast.Name):
            name, bound = _bind(module, use)
            test = name if bound is not None else f"{name} := {receiver}"
            if bound is not None:
                edits.append(bound)
        text = f'{name}.{attribute} if hasattr({test}, "{attribute}") else {name}{there}'
        edits.append(Edit(start, end, f"({text})" if needs_parentheses(module, use) else text))
    return edits


def _in_string(module: Module, node: ast.AST) -> bool:
    return any(isinstance(item, ast.JoinedStr) for item in module.ancestors(node))


def _once(module: Module, uses: list[ast.Attribute], attribute: str, there: str) -> list[Edit] | None:
    """Return the value bound once before all its uses; None where one place does not come before them all."""
    first = min(uses, key=lambda item: (item.lineno, item.col_offset))
    statement = module.statement(first)
    if statement is None or not isinstance(first.value, ast.Name):
        return None
    receiver = first.value.id
    indent = module.own_indent(statement)
    block = next((part for part in _blocks(module.parents[statement]) if statement in part), [])
    following = block[block.index(statement) :] if block else []
    later = {item for part in following for item in ast.walk(part)}
    if indent is None or not set(uses) <= later or not is_first_evaluated(statement, first.value):
        return None
    if any(isinstance(item, ast.Name) and item.id == receiver and isinstance(item.ctx, ast.Store) for item in later):
        return None
    name = free_name(module, first, [attribute, f"{attribute}_of_{receiver}"])
    if name is None:
        return None
    at = module.span(statement)[0]
    binding = f'{name} = {receiver}.{attribute} if hasattr({receiver}, "{attribute}") else {receiver}{there}\n{indent}'
    return [Edit(at, at, binding), *(Edit(*module.span(use), name) for use in uses)]


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    return [part for field in ("body", "orelse", "finalbody") if isinstance(part := getattr(node, field, None), list)]


def _bind(module: Module, use: ast.Attribute) -> tuple[str, Edit | None]:
    """Return a name for the object, and the line that binds it before the statement where that changes no order."""
    own = last_name(use.value)
    name = free_name(module, use, [own.lstrip("_"), "reply", "result", "found", "shape", "value_here"]) or "_value"
    statement = module.statement(use)
    indent = module.own_indent(statement) if statement is not None else None
    if (
        statement is None
        or indent is None
        or not is_first_evaluated(statement, use.value)
        or not isinstance(statement, ast.Return | ast.Assign | ast.Expr | ast.AnnAssign)
    ):
        return name, None
    at = module.span(statement)[0]
    return name, Edit(at, at, f"{name} = {module.segment(use.value)}\n{indent}")


def _rationale(attribute: str, there: str, owner: str, reach: Flow, *, plain: bool, uses: int) -> str:
    there = there.strip(".") or "the value as text"
    failed = f"The value was a {owner} here, which has {there} and no {attribute}. "
    if plain:
        return failed + f"Nothing in the project has {attribute}, so the edit reads {there} instead. It does not change {owner} or any other place."
    known = reach.strong or reach.weak
    why = (
        f"Other values that come here ({', '.join(dict.fromkeys(item.name for item in known[:3]))}) do have {attribute}. "
        if known
        else f"Where the project uses {attribute}, other objects may have it. "
    )
    count = f" at {uses} places of this function" if uses > 1 else ""
    return (
        failed
        + why
        + f"The edit takes {attribute} where the object has it and {there} otherwise{count}. It catches no error: an object with neither still fails."
    )
