"""What a variable begins as where one way through the code leaves it out: what its other values and its uses show."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nexoide.repair.code.described import described_constant
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.names import words
from nexoide.repair.flow.unbound import Variable

_NUMBERS = (ast.Add, ast.Sub)
_OTHERWISE = re.compile(
    r"(?i:\botherwise|\b(?:every(?:body|one|thing)|anything|all|any|nothing)?\s*(?:else|others?)|\bby default|\bdefaults?(?: is| to)?)\b"
    r"[^\w\n'\"-]{0,24}(?:(?:is|are|it|gives?|pays?|costs?|returns?)\s+){0,2}(-?\d+(?:\.\d+)?|None\b|True\b|False\b|'[^'\n]{0,40}'|\"[^\"\n]{0,40}\")"
)


@dataclass(frozen=True, slots=True)
class Begin:
    """A value, as text, why it is that, how sure that is (0 to 1), and whether nothing in the program says it."""

    text: str
    why: str
    sure: float
    guessed: bool = False


def begin_value(found: Variable) -> Begin | None:
    """Return the beginning value that the program shows, or None where it shows none."""
    return _constant(found) or _named(found) or _described(found) or _flag(found) or _total(found) or _container(found) or _compared(found) or _neutral(found)


def _constant(found: Variable) -> Begin | None:
    """A constant of the file that is named as this variable's default."""
    mine = set(words(found.name))
    names = [
        name
        for name in sorted(index(found.module).globals)
        if name.isupper() and mine < set(words(name)) and set(words(name)) - mine <= {"default", "initial", "base", "standard", "fallback"}
    ]
    used = {item.id for item in found.module.nodes if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)}
    unread = [name for name in names if name not in used] or names
    return Begin(unread[0], f"{unread[0]} is kept for it", 0.9) if len(unread) == 1 else None


def _named(found: Variable) -> Begin | None:
    """A constant that the function's description names, and its code does not use."""
    name = described_constant(found.module, found.function)
    return Begin(name, f"the description names {name}, which the code does not use", 0.88) if name else None


def _described(found: Variable) -> Begin | None:
    """A value that the function's, or the file's, description gives for all other cases: `everybody else     0 %`."""
    values = found.values
    for node in (found.function, found.module.tree):
        text = ast.get_docstring(node) if node is not None else None
        told = _OTHERWISE.findall(text or "")
        if len(set(told)) != 1:
            continue
        number = told[0][:1].isdigit() or told[0][:1] == "-"
        kinds = {type(item.value) for item in values if isinstance(item, ast.Constant)}
        if not kinds or (number and kinds <= {int, float}) or (told[0] in ("True", "False") and kinds == {bool}) or (told[0][:1] in "\"'" and kinds == {str}):
            return Begin(told[0], f"the description says so: {told[0]} otherwise", 0.88)
    return None


def _flag(found: Variable) -> Begin | None:
    """A flag that is only ever set to one of True and False begins as the other."""
    values = found.values
    if not values or len(values) != len(found.stores) or not all(isinstance(item, ast.Constant) and isinstance(item.value, bool) for item in values):
        return None
    held = {item.value for item in values if isinstance(item, ast.Constant)}
    if len(held) != 1:
        return None
    return Begin(str(not held.pop()), f"{found.name} is only ever set to {values[0].value}", 0.92)  # type: ignore[attr-defined]


def _total(found: Variable) -> Begin | None:
    """What is only added to begins as nothing of its kind."""
    added = [item for item in found.stores if isinstance(item, ast.AugAssign)]
    if not added or len(added) != len(found.stores):
        return None
    value = added[0].value
    if isinstance(added[0].op, ast.Mult):
        return Begin("1", "it is only multiplied", 0.88)
    if not isinstance(added[0].op, ast.Add | ast.Sub | ast.BitOr):
        return None
    if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)) or _is_text(value):
        return Begin('""', "text is added to it", 0.92)
    if isinstance(value, ast.List | ast.ListComp):
        return Begin("[]", "lists are added to it", 0.92)
    if isinstance(value, ast.Tuple):
        return Begin("()", "tuples are added to it", 0.92)
    if isinstance(value, ast.Set | ast.SetComp) or isinstance(added[0].op, ast.BitOr):
        return Begin("set()", "sets are added to it", 0.85)
    return Begin("0", "numbers are added to it", 0.92 if _is_number(value) else 0.88)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("str", "join", "format", "upper", "lower", "strip", "chr", "repr", "title")
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Pow) or _is_number(node.left) or _is_number(node.right)
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("len", "int", "float", "sum", "abs", "round", "count")
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _container(found: Variable) -> Begin | None:
    """What begins empty on one way, or is filled and iterated, begins empty on every way."""
    empties = {found.module.segment(item) for item in found.values if _is_empty(item)}
    if len(empties) == 1:
        (text,) = empties
        return Begin(text, f"it begins as {text} on another way", 0.9)
    if any(isinstance(item, ast.List | ast.ListComp) for item in found.values):
        return Begin("[]", "it is a list on the other ways", 0.72, guessed=True)
    if any(isinstance(item, ast.Dict | ast.DictComp) for item in found.values):
        return Begin("{}", "it is a dict on the other ways", 0.72, guessed=True)
    if any(isinstance(item, ast.Set | ast.SetComp) for item in found.values):
        return Begin("set()", "it is a set on the other ways", 0.72, guessed=True)
    iterated = 0
    for item in found.loads:
        parent = found.module.parents.get(item)
        if (isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.iter is item) or (
            isinstance(parent, ast.Call) and item in parent.args and last_name(parent.func) in ("len", "sum", "sorted", "set", "list", "enumerate", "any")
        ):
            iterated += 1
    return Begin("[]", "it is only iterated", 0.68, guessed=True) if iterated and iterated == len(found.loads) else None


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, ast.Call):
        return last_name(node.func) in ("list", "dict", "set", "tuple", "deque", "Counter") and not node.args and not node.keywords
    return isinstance(node, ast.Constant) and (node.value is None or (node.value in (0, "", False) and not isinstance(node.value, bool)))


def _compared(found: Variable) -> Begin | None:
    """What is tested for None may be None."""
    for item in found.loads:
        parent = found.module.parents.get(item)
        if isinstance(parent, ast.Compare) and len(parent.ops) == 1 and isinstance(parent.ops[0], ast.Is | ast.IsNot) and parent.left is item:
            right = parent.comparators[0]
            if isinstance(right, ast.Constant) and right.value is None:
                return Begin("None", f"{found.name} is tested for None", 0.92)
        if (isinstance(parent, ast.If | ast.While | ast.IfExp) and parent.test is item) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)):
            return Begin("None", f"{found.name} is tested before it is used", 0.86)
    return None


def _neutral(found: Variable) -> Begin | None:
    """What is added to, taken from or multiplied with something else begins as what changes nothing."""
    values = found.values
    texts = bool(values) and all(_is_text(item) for item in values)
    numbers = (
        bool(values) and all(_is_number(item) or isinstance(item, ast.Name | ast.Attribute) for item in values) and any(_is_number(item) for item in values)
    )
    for item in found.loads:
        parent = found.module.parents.get(item)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, _NUMBERS) and parent.right is item and numbers:
            return Begin("0", "it is added to or taken from something else", 0.68, guessed=True)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add) and numbers:
            return Begin("0", "it is added to something else", 0.64, guessed=True)
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div) and numbers and parent.right is item:
            inner = parent.left if isinstance(parent.left, ast.BinOp) else None
            outer = found.module.parents.get(parent)
            if isinstance(outer, ast.BinOp) and isinstance(outer.op, ast.Add | ast.Sub):
                return Begin("0", "what it is multiplied with is added to or taken from something else", 0.62, guessed=True)
            if inner is None or not isinstance(inner.op, ast.Add | ast.Sub):
                small = [isinstance(value, ast.Constant) and isinstance(value.value, float) and abs(value.value) < 0.6 for value in values]
                fraction = all(small)
                if any(small) and not fraction:
                    return None  # factors of every size: none of them is "nothing"
                return Begin("0" if fraction else "1", "something else is multiplied with it", 0.42 if fraction else 0.55, guessed=True)
        if isinstance(parent, ast.FormattedValue | ast.BinOp) and texts:
            return Begin('""', "it is a text on the other ways", 0.5, guessed=True)
    return None
