"""Which lambda of a changed value takes the place of which: the one under the same key, keyword or place."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def paired(old: ast.stmt, new: ast.stmt, old_codes: Sequence[CodeType], new_codes: Sequence[CodeType]) -> list[tuple[CodeType, CodeType]]:
    """Return which code of the lambdas of one assignment is which of another's, as far as their places say so."""
    before, after = _placed(old, old_codes), _placed(new, new_codes)
    return [(code, after[place]) for place, code in before.items() if place in after]


def _placed(node: ast.stmt, codes: Sequence[CodeType]) -> dict[str, CodeType]:
    value = getattr(node, "value", None)
    found = list(_places(value, "")) if isinstance(value, ast.expr) else []
    made = [code for code in codes if code.co_name == "<lambda>"]
    found.sort(key=lambda item: item[1].lineno)  # on one line they come in the order in which they are evaluated, as the codes do
    if len(made) != len(found) or len({place for place, _ in found}) != len(found):
        return {}
    return {place: code for (place, _), code in zip(found, made)}  # noqa: B905


def _places(node: ast.AST, place: str) -> Iterator[tuple[str, ast.Lambda]]:
    """Yield the lambdas that evaluating an expression makes itself, each with the way to it."""
    for way, part in _parts(node):
        yield from _places(part, f"{place}/{way}")
    if isinstance(node, ast.Lambda):
        yield place, node


def _parts(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """Return what an expression consists of, with a name for each place; those in a row go by their number, of as many."""
    if isinstance(node, _SCOPES):
        return []
    if isinstance(node, ast.Lambda):
        defaults = [item for item in (*node.args.defaults, *node.args.kw_defaults) if item is not None]
        return [(f"default {number}", item) for number, item in enumerate(defaults)]
    if isinstance(node, ast.Dict):
        pairs = [("**" if key is None else ast.dump(key), value) for key, value in zip(node.keys, node.values)]  # noqa: B905
        return [*((f"key {ast.dump(key)}", key) for key in node.keys if key is not None), *pairs]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [(f"{number} of {len(node.elts)}", item) for number, item in enumerate(node.elts)]
    if isinstance(node, ast.Call):
        called = ast.dump(node.func)
        given = [(f"{called} {number}", item) for number, item in enumerate(node.args)]
        return [("func", node.func), *given, *((f"{called} {word.arg}", word.value) for word in node.keywords)]
    return [(type(part).__name__ + str(number), part) for number, part in enumerate(ast.iter_child_nodes(node))]
