"""Which statements of an `if` or `try` a program ran when it was imported, as far as that can be known without running them."""

from __future__ import annotations

import ast
import importlib.util
import sys

from ...values import Kinds
from ..constants.evaluate import Failed, evaluate, lookup_in
from ..constants.lookups import Unknown, member
from ..constants.purity import is_pure
from ..text.compare import DEFS
from ..text.source import Statement, blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Optional

    from ..plan import ModulePlan
    from ..text.source import Source

LOOPS: tuple[type[ast.AST], ...] = (ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith)
_TRIES: tuple[type[ast.AST], ...] = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))
FORKS: tuple[type[ast.AST], ...] = (ast.If, *_TRIES)
_TEST = (
    *(ast.Name, ast.Attribute, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant, ast.Tuple, ast.Subscript, ast.Slice, ast.Call),
    *(ast.Load, ast.cmpop, ast.boolop, ast.unaryop),
)
_ASKS = ("os.getenv", "os.environ.get", "importlib.util.find_spec", "sys.platform.startswith", "hasattr", "bool", "len")
_PLAIN = Kinds(int, str, bool, float, bytes, tuple, type(None), type(sys.version_info))


class Branches:
    """Tells the branches taken by one of the two texts of a module; `names` are what it binds beyond what is live."""

    def __init__(self, plan: ModulePlan, text: Source, names: Mapping[str, Any], *, new: bool) -> None:
        self._plan, self._text, self._names, self._new = plan, text, names, new
        self._lookup = lookup_in(plan.variables, names)

    def leaves(self, statement: Statement) -> Optional[list[Statement]]:
        """Return the statements that run, in order, without the forks around them; None where that cannot be known."""
        node = statement.node
        if not isinstance(node, FORKS):
            return [Statement(node, statement.codes, statement.text)]
        bodies = blocks(self._text, statement)
        chosen: Optional[list[list[Statement]]]
        if isinstance(node, ast.If):
            truth = self.truth(node.test)
            chosen = None if truth is None else [bodies[0] if truth else bodies[1]]
        else:
            chosen = self._tried(node, bodies)
        if chosen is None:
            return None
        found: list[Statement] = []
        for body in chosen:
            for inner in body:
                more = self.leaves(inner)
                if more is None:
                    return None
                found += more
        return found

    def truth(self, test: ast.expr) -> Optional[bool]:
        """Return whether a condition holds, None where finding out would run code with side effects."""
        if not is_pure(test, self._lookup) and not self._harmless(test):
            return None
        try:
            return bool(evaluate(test, self._plan.variables, self._names, self._text.filename))
        except Failed:
            return None

    def runs(self, chain: list[tuple[ast.stmt, str]]) -> Optional[bool]:
        """Tell whether what stands in these parts of these forks ran; None where that cannot be known."""
        for node, field in chain:
            if isinstance(node, ast.If):
                truth = self.truth(node.test)
                if truth is None:
                    return None
                if truth != (field == "body"):
                    return False
            elif isinstance(node, _TRIES) and field == "handlers":
                failed = self._fails(list(getattr(node, "body", ())))
                if failed is None or failed:
                    return None
                return False
        return True

    def _tried(self, node: Any, bodies: list[list[Statement]]) -> Optional[list[list[Statement]]]:
        error = self._fails(node.body)
        if error is None:
            return None
        body, orelse, final, *handlers = bodies
        if not error:
            return [body, orelse, final]
        for handler, inner in zip(node.handlers, handlers):  # noqa: B905
            if _catches(handler.type, error):
                return [inner, final]
        return None

    def _fails(self, body: list[ast.stmt]) -> Optional[str]:
        """Return which error the body of a `try` ends with, "" for none, None where it would have to be run to know."""
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if not self._imports(node):
                    return "ImportError"
            elif isinstance(node, (*DEFS, ast.ClassDef)):
                if node.decorator_list or not isinstance(node, DEFS):
                    return None
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                if not is_pure(node.value, self._lookup):
                    return "NameError" if self._unknown(node.value) else None
                try:
                    evaluate(node.value, self._plan.variables, self._names, self._text.filename)
                except Failed as error:
                    return str(error)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
                if self._unknown(node.value):
                    return "NameError"
            elif not isinstance(node, ast.Pass):
                return None
        return ""

    def _unknown(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name):
            return False
        try:
            self._lookup(node.id)
        except LookupError:
            return True
        return False

    def _imports(self, node: Any) -> bool:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if isinstance(node, ast.ImportFrom) and node.level:
            return True
        return all(self._importable(name) for name in names) and not (isinstance(node, ast.ImportFrom) and self._lacks(node))

    def _importable(self, name: str) -> bool:
        if sys.modules.get(name) is not None:
            return True
        if not self._new and name.partition(".")[0] not in sys.modules:
            return False
        try:
            return importlib.util.find_spec(name.partition(".")[0]) is not None
        except (ImportError, ValueError):
            return False

    @staticmethod
    def _lacks(node: ast.ImportFrom) -> bool:
        module = sys.modules.get(node.module or "")
        return module is not None and any(
            alias.name != "*" and not hasattr(module, alias.name) and f"{node.module}.{alias.name}" not in sys.modules for alias in node.names
        )

    def _harmless(self, test: ast.expr) -> bool:
        """Tell whether a condition only asks the interpreter and the environment."""
        for part in ast.walk(test):
            if not isinstance(part, _TEST):
                return False
            if isinstance(part, ast.Call):
                if ast.unparse(part.func) not in _ASKS:
                    return False
            elif isinstance(part, (ast.Name, ast.Attribute)):
                try:
                    value = self._value(part)
                except (Unknown, LookupError):
                    return False
                kind = type(value)
                if kind not in _PLAIN and kind.__module__ not in ("builtins", "os", "sys", "types"):
                    return False
        return True

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Name):
            return self._lookup(node.id)
        if isinstance(node, ast.Attribute):
            return member(self._value(node.value), node.attr)
        raise Unknown


def _catches(kind: Optional[ast.expr], error: str) -> bool:
    if kind is None:
        return True
    names = {part.id for part in ast.walk(kind) if isinstance(part, ast.Name)}
    known = {"ImportError": ("ImportError", "Exception", "BaseException", "ModuleNotFoundError")}
    return bool(names & set(known.get(error, (error, "Exception", "BaseException"))))


def enclosing(tree: ast.Module, wanted: ast.stmt) -> list[tuple[ast.stmt, str]]:
    """Return the blocks around a statement within its module or class body, the outermost first, each with the part that holds it."""

    def search(body: list[ast.stmt], chain: list[tuple[ast.stmt, str]]) -> Optional[list[tuple[ast.stmt, str]]]:
        for node in body:
            if node is wanted:
                return chain
            if not node.lineno <= wanted.lineno <= (node.end_lineno or node.lineno) or isinstance(node, DEFS):
                continue
            below = [] if isinstance(node, ast.ClassDef) else chain
            for field in ("body", "orelse", "finalbody"):
                found = search(getattr(node, field, None) or [], below if isinstance(node, ast.ClassDef) else [*below, (node, field)])
                if found is not None:
                    return found
            for handler in getattr(node, "handlers", ()):
                found = search(handler.body, [*below, (node, "handlers")])
                if found is not None:
                    return found
        return None

    return search(tree.body, []) or []
