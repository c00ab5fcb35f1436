"""Which visible name was meant by one that nothing binds: likeness, kind of use, closeness of scope, and what is never read."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from difflib import SequenceMatcher

from nexoide.model.failure import ValueView
from nexoide.repair.code.bindings import Scope, owner, scopes, unbound_uses, uses
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, index, last_name
from nexoide.repair.code.names import similarity
from nexoide.repair.code.signatures import bind, of_function
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context

TIE = 0.04
LEAST = 0.7
_CONSTANTS = {
    "null": "None",
    "nil": "None",
    "undefined": "None",
    "true": "True",
    "false": "False",
    "none": "None",
    "TRUE": "True",
    "FALSE": "False",
    "NULL": "None",
}
_PLAIN = frozenset({"int", "float", "bool", "NoneType", "complex"})
_TAKES_FUNCTIONS = frozenset({"map", "filter", "reduce", "partial", "starmap", "accumulate", "Thread", "submit", "apply", "run_in_executor", "to_thread"})
_NOT_CALLED = _PLAIN | {"str", "list", "dict", "tuple", "set", "bytes"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visible name; `alike` is its likeness alone, `score` with what its scope and its uses say; `scope` None for a builtin."""

    name: str
    alike: float
    score: float
    why: str
    scope: Scope | None = None

    @property
    def prior(self) -> float:
        """Belief that it was meant: likeness counts most, as in the rename of attributes."""
        return max(0.5, min(0.93, 0.66 + 0.9 * (self.score - 0.75)))


def candidates(context: Context, node: ast.Name, name: str) -> list[Candidate]:
    """Return the visible names that are alike and can be used as the missing one is, best first."""
    module = context.module
    where = scopes(module).inside(module, node)
    constant = _CONSTANTS.get(name)
    if constant is not None:
        return [Candidate(constant, 0.97, 0.97, "it is how Python writes it:")]
    found: dict[str, Candidate] = {}
    scope: Scope | None = where
    distance = 0
    while scope is not None:
        if scope is where or not scope.is_class:
            for item, bindings in scope.bound.items():
                if item not in found and item not in ("self", "cls") and _is_before(module, node, scope, bindings):
                    row = _rated(context, node, name, item, scope, distance)
                    if row is not None:
                        found[item] = row
            distance += 1
        scope = scope.parent
    for item in dir(builtins):
        if item not in found and not item.startswith("_") and owner(where, item) is None:
            likeness = alike(name, item)
            if (
                likeness >= LEAST
                and (_one_slip(name, item) or SequenceMatcher(None, name, item).ratio() >= 0.8)
                and _builtin_fits(module, node, item)
                and (item[:1].islower() or likeness > 0.85)
            ):
                found[item] = Candidate(item, likeness, likeness - 0.03, "of the names that are built in,")
    return sorted(found.values(), key=lambda row: (-row.score, row.name))


def other_constants(module: Module, name: str) -> list[Edit]:
    """Return the edits of the other constants that are written as JSON writes them, where the missing name is one of those."""
    if name not in _CONSTANTS:
        return []
    return [Edit(*module.span(use), new) for old, new in _CONSTANTS.items() if old != name for use in unbound_uses(module, old) if module.segment(use) == old]


def sees(module: Module, node: ast.Name, candidate: Candidate) -> bool:
    """Say whether another use of the missing name would find the same candidate."""
    return owner(scopes(module).inside(module, node), candidate.name) is candidate.scope


def wrong_binding(module: Module, node: ast.Name, name: str, candidate: Candidate) -> list[Edit]:
    """Return the edits that rename what is set and never read to what is read and never set; empty where that is not the case."""
    scope = candidate.scope
    if scope is None or scope.is_module or scope.is_class:
        return []
    held = uses(module, scope, candidate.name)
    reads = [item for item in held if isinstance(item.ctx, ast.Load)]
    writes = [item for item in held if isinstance(item.ctx, ast.Store)]
    wanted = [item for item in unbound_uses(module, name) if sees(module, item, candidate)]
    if reads or len(writes) != 1 or len(scope.bound[candidate.name]) != 1 or len(wanted) < 2:
        return []
    return [Edit(*module.span(writes[0]), name)]


def alike(name: str, item: str) -> float:
    """Return the likeness of two names, where one letter wrong, missing, doubled or swapped counts as nearly the same."""
    found = similarity(name, item)
    if min(len(name), len(item)) >= 3 and abs(len(name) - len(item)) <= 1 and found < 0.9 and not _means_otherwise(name, item) and _one_slip(name, item):
        return max(found, 0.9 if min(len(name), len(item)) >= 4 else 0.84)
    return found


def _means_otherwise(name: str, item: str) -> bool:
    return similarity(name, item) == 0.0 or any(letter.isdigit() for letter in set(name) ^ set(item))


def _one_slip(one: str, other: str) -> bool:
    if len(one) == len(other):
        wrong = [place for place in range(len(one)) if one[place] != other[place]]
        if len(wrong) == 1:
            return True
        return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    short, whole = sorted((one, other), key=len)
    return any(whole[:place] + whole[place + 1 :] == short for place in range(len(whole)))


def _is_before(module: Module, node: ast.Name, scope: Scope, bindings: list[ast.AST]) -> bool:
    """Say whether a binding of the same scope stands above the use; those of outer scopes are bound when the function runs."""
    if module.function(node) is not None and scope.is_module:
        return True
    return any(getattr(item, "lineno", 0) <= node.lineno for item in bindings)


def _rated(context: Context, node: ast.Name, name: str, item: str, scope: Scope, distance: int) -> Candidate | None:
    likeness = alike(name, item)
    if likeness < LEAST or not _fits(context, node, item, scope):
        return None
    held = uses(context.module, scope, item)
    unread = scope.bound[item] and not any(isinstance(use.ctx, ast.Load) for use in held) and not scope.is_module
    where = "of the names in this function," if distance == 0 and not scope.is_module else "of the names in this file,"
    return Candidate(item, likeness, likeness + (0.08 if unread else 0.0) + (0.02 if distance == 0 else 0.0), where, scope)


def _fits(context: Context, node: ast.Name, item: str, scope: Scope) -> bool:
    """Say whether a candidate can be used as the missing name is; what is not known fits."""
    module = context.module
    parent = module.parents.get(node)
    view = context.frame.locals.get(item)
    if isinstance(parent, ast.Call) and parent.func is node:
        function = _definition(module, item, scope)
        if isinstance(function, Function):
            binding = bind(of_function(function), parent)
            return bool(function.decorators) or binding.good or binding.unknown
        return not (view is not None and view.type in _NOT_CALLED)
    if isinstance(_definition(module, item, scope), Function) and not isinstance(
        parent, ast.Call | ast.keyword | ast.Assign | ast.Return | ast.Dict | ast.List | ast.Tuple
    ):
        return False
    return view is None or _view_fits(parent, node, view)


def _view_fits(parent: ast.AST | None, node: ast.Name, view: ValueView) -> bool:
    if isinstance(parent, ast.Attribute):
        return not view.attributes or len(view.attributes) >= 64 or parent.attr in view.attributes or parent.attr.startswith("_")
    if isinstance(parent, ast.For | ast.comprehension) and parent.iter is node:
        return view.type not in _PLAIN
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return view.type not in _PLAIN | {"set", "frozenset", "generator"}
    return True


def _definition(module: Module, name: str, scope: Scope) -> Function | Class | None:
    """Return the function or class that a name is in a scope, where it is bound once and by that."""
    bound = scope.bound.get(name, [])
    if len(bound) != 1 or not isinstance(bound[0], (*FUNCTIONS, ast.ClassDef)):
        return None
    held = index(module)
    known: list[Function | Class] = [*held.functions, *held.classes]
    return next((item for item in known if item.node is bound[0]), None)


def _builtin_fits(module: Module, node: ast.Name, item: str) -> bool:
    parent = module.parents.get(node)
    value = getattr(builtins, item)
    if isinstance(parent, ast.Call) and parent.func is node:
        return callable(value)
    if isinstance(parent, ast.ExceptHandler | ast.Raise):
        return isinstance(value, type) and issubclass(value, BaseException)
    if isinstance(value, type) and issubclass(value, BaseException):
        return isinstance(parent, ast.Tuple | ast.Call)
    if isinstance(parent, ast.Call) and callable(value) and not isinstance(value, type):
        return last_name(parent.func) in _TAKES_FUNCTIONS
    return not callable(value) or isinstance(parent, ast.Call | ast.keyword | ast.arg | ast.AnnAssign | ast.Subscript)
