"""An exception that passes a handler which catches its neighbour: the handler is widened by the class that came, and no more."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.exceptions import ancestors_of, builtin_class, can_raise, handler_names, public_module
from nexoide.repair.code.index import find_classes, index, last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.naming.imports import Imports
from nexoide.repair.naming.packages import Layout
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_NEVER = frozenset(
    {"KeyboardInterrupt", "SystemExit", "GeneratorExit", "MemoryError", "RecursionError", "AssertionError", "NameError", "UnboundLocalError", "SyntaxError"}
)
_NEVER_FROM_CODE = frozenset({"AttributeError", "TypeError", "ImportError", "ModuleNotFoundError", "NotImplementedError"})
_NEIGHBOURS = (
    frozenset({"KeyError", "IndexError", "AttributeError", "ValueError", "TypeError", "LookupError", "StopIteration"}),
    frozenset(
        {
            "ValueError",
            "TypeError",
            "InvalidOperation",
            "ArithmeticError",
            "OverflowError",
            "ZeroDivisionError",
            "KeyError",
            "JSONDecodeError",
            "UnicodeDecodeError",
        }
    ),
    frozenset(
        {
            "FileNotFoundError",
            "PermissionError",
            "IsADirectoryError",
            "NotADirectoryError",
            "FileExistsError",
            "OSError",
            "KeyError",
            "ValueError",
            "JSONDecodeError",
        }
    ),
    frozenset(
        {
            "TimeoutError",
            "Timeout",
            "timeout",
            "TimeoutExpired",
            "CalledProcessError",
            "OSError",
            "ConnectionError",
            "URLError",
            "HTTPError",
            "RequestException",
        }
    ),
    frozenset({"ImportError", "ModuleNotFoundError", "AttributeError"}),
    frozenset({"Empty", "IndexError", "Full", "QueueEmpty", "QueueFull"}),
    frozenset({"IntegrityError", "OperationalError", "ProgrammingError", "ValueError", "KeyError", "DatabaseError"}),
    frozenset({"ParseError", "ValueError", "JSONDecodeError", "TOMLDecodeError", "BadZipFile", "UnpicklingError", "error", "Error", "EOFError"}),
)


class WrongExcept:
    """Widens a handler by exactly the class that passed it, where the handler is evidently meant for it."""

    name = "wrong-except"
    summary = "Widens an except clause by exactly the class that passed it, where the clause evidently is meant for what failed."
    errors = ("*",)
    searches = True
    examples: tuple[Example, ...] = (
        Example(
            name="number that is none",
            files={"main.py": 'def number(text):\n    try:\n        return int(text)\n    except TypeError:\n        return None\n\n\nprint(number("x"))\n'},
            prints="None\n",
        ),
        Example(
            name="an error that no handler is meant for", files={"main.py": "try:\n    print(undefined)\nexcept ValueError:\n    print('no')\n"}, prints=None
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a handler could have been meant for it: never for what only a fault of the code raises."""
        return raised.type.rsplit(".", 1)[-1] not in _NEVER and bool(raised.frames)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the widened clause of the closest `try` that is meant for the failing call; before it, clauses that are no clauses."""
        found = list(_no_class(context))
        if not found:
            place: Context | None = context
            depth = 0
            while place is not None and depth < 6 and not found:
                found = list(_passed(place, context, depth))
                place, depth = place.outer(), depth + 1
        yield from offer(context, self.name, found)


def _passed(place: Context, context: Context, depth: int) -> Iterator[Idea]:
    """Yield the widening of the handlers of the innermost `try` of one frame whose body runs the failing line."""
    module = place.module
    for node in _tries(place):
        kind = context.raised.type.rsplit(".", 1)[-1]
        bases = ancestors_of(context.project, kind, context.module)
        if any(set(handler_names(handler)) & bases - {kind} for handler in node.handlers):
            yield from _same_name(place, context, node, kind)
            return
        same = [handler for handler in node.handlers if kind in handler_names(handler)]
        if same:
            yield from _same_name(place, context, node, kind)
            return
        if is_test(module.rel):
            continue
        for handler in node.handlers:
            sure = _is_meant(place, context, node, handler, kind, depth)
            if sure:
                idea = _widened(place, context, handler, kind, sure - 0.12 * (len(node.handlers) > 1))
                if idea is not None:
                    yield idea


def _tries(place: Context) -> list[ast.Try]:
    """Return the `try` statements around the failing line in its own function whose body holds it, the innermost first."""
    found: list[ast.Try] = []
    for node in place.module.nodes:
        if isinstance(node, ast.Try) and node.handlers:
            first, last = node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno
            inner = [item for item in ast.walk(node) if isinstance(item, (*FUNCTIONS, ast.Lambda)) and item.lineno <= place.line <= (item.end_lineno or 0)]
            if first <= place.line <= last and not inner:
                found.append(node)
    return sorted(found, key=lambda node: -node.lineno)


def _is_meant(place: Context, context: Context, node: ast.Try, handler: ast.ExceptHandler, kind: str, depth: int) -> float:
    """Return how sure it is (0: not at all) that a handler is meant for the exception that passed it."""
    caught = handler_names(handler)
    if not caught or handler.type is None or {"Exception", "BaseException"} & set(caught) or len(node.body) > 4:
        return 0.0
    if _uses_own_attributes(handler):
        return 0.0
    family = _family(context, kind, caught)
    operations = list(can_raise(place, node.body))
    possible = {name for _, names in operations for name in names}
    raised_here = depth == 0
    if kind in _NEVER_FROM_CODE and not (raised_here and kind in possible):
        return 0.0
    if family == "siblings":
        return 0.84 if depth <= 2 else 0.7
    if not family:
        return 0.0
    fits_any = bool(set(caught) & possible)
    if raised_here:
        if kind not in possible and builtin_class(kind) is not None:
            return 0.0
        same = any(kind in names and set(caught) & names for _, names in operations)
        return 0.9 if not fits_any else 0.86 if same else 0.45
    if _raised_by_library(context, depth):
        return 0.88 if not fits_any else 0.5
    return (
        (0.78 if len(node.body) <= 2 else 0.6)
        if depth == 1 and _is_deliberate(context)
        else 0.66
        if depth == 1 and len(node.body) == 1 and _is_helper(context)
        else 0.0
    )


def _family(context: Context, kind: str, caught: list[str]) -> str:
    """Return how the classes are related: "siblings" of the project's own family, "neighbours", or "" for not at all."""
    own = {item.name for item in find_classes(context.project, kind)}
    for name in caught:
        if own and find_classes(context.project, name):
            shared = ancestors_of(context.project, kind) & ancestors_of(context.project, name)
            if {item for item in shared if find_classes(context.project, item)}:
                return "siblings"
        if any({kind, name} <= family for family in _NEIGHBOURS) and kind != name:
            return "neighbours"
        if own and builtin_class(name) is not None and name in ("ValueError", "KeyError", "RuntimeError", "LookupError", "OSError"):
            return "neighbours"
        if find_classes(context.project, name) and builtin_class(kind) is not None and kind in ("ValueError", "KeyError", "LookupError"):
            return ""
    return ""


def _uses_own_attributes(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler reads attributes that other exceptions have not."""
    if handler.name is None:
        return False
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == handler.name
        and node.attr not in ("args", "__class__", "__cause__", "with_traceback", "add_note")
        for statement in handler.body
        for node in ast.walk(statement)
    )


def _raised_by_library(context: Context, depth: int) -> bool:
    return depth == 0 and not context.is_raising


def _is_deliberate(context: Context) -> bool:
    return context.is_raising and bool(context.nodes(lambda node: isinstance(node, ast.Raise)))


def _is_helper(context: Context) -> bool:
    """Say whether the failing function does little else than what failed."""
    found = context.nodes(lambda node: isinstance(node, ast.stmt))
    function = context.function(found[-1]) if found else None
    return function is not None and len([item for item in own_nodes(function) if isinstance(item, ast.stmt)]) <= 4


def _widened(place: Context, context: Context, handler: ast.ExceptHandler, kind: str, sure: float) -> Idea | None:
    module = place.module
    assert handler.type is not None
    name, extra = _spelled(place, context, kind)
    if not name:
        return None
    if isinstance(handler.type, ast.Tuple):
        end = module.span(handler.type.elts[-1])[1]
        edit = Edit(end, end, f", {name}")
    else:
        edit = Edit(*module.span(handler.type), f"({module.segment(handler.type)}, {name})")
    caught = short(module.segment(handler.type))
    return Idea(
        title=f"catch {name} too, where {caught} is caught",
        why=(
            f"The call that failed stands in a try whose except is meant for its failure, but catches {caught}, and {name} came. "
            f"The edit lets the same except catch {name} as well, and nothing else."
        ),
        edits=[(module, edit), *((module, item) for item in extra)],
        prior=sure,
        nature="call",
        cautions=(f"{name} from any statement of this try is now handled the same way.",),
        alternatives=("Catching Exception: it would hide faults of the code.",),
    )


def _spelled(place: Context, context: Context, kind: str) -> tuple[str, list[Edit]]:
    """Return how the class that came is written in a file, and the import that it needs; "" where it cannot be named."""
    module = place.module
    if builtin_class(kind) is not None and kind not in index(module).imports and context.raised.module in ("builtins", ""):
        return kind, []
    layout = Layout(context.project, "")
    imports = Imports(module, layout)
    own = find_classes(context.project, kind)
    if len(own) == 1 and (
        not context.raised.module or own[0].module.dotted.rsplit(".", 1)[-1] == context.raised.module.rsplit(".", 1)[-1] or context.raised.module == "__main__"
    ):
        if own[0].module is module:
            return kind, []
        dotted = layout.dotted(own[0].module.rel)
        if dotted is None:
            return "", []
        return imports.use(f"{dotted}.{kind}", prefer_module=False), imports.edits()
    source = public_module(context.raised.module)
    if source in ("", "builtins", "__main__") or not all(part.isidentifier() for part in source.split(".")):
        return (kind, []) if kind in index(module).imports or kind in index(module).globals else ("", [])
    return imports.use(f"{source}.{kind}", prefer_module=True), imports.edits()


def _same_name(place: Context, context: Context, node: ast.Try, kind: str) -> Iterator[Idea]:
    """Yield the widening where a handler names a class of the same name from another module."""
    module = place.module
    for handler in node.handlers:
        if kind not in handler_names(handler) or handler.type is None or is_test(module.rel):
            continue
        parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        named = next(item for item in parts if last_name(item) == kind)
        is_plain = isinstance(named, ast.Name) and kind not in index(module).imports
        if not is_plain or builtin_class(kind) is None or context.raised.module in ("builtins", ""):
            continue
        source = public_module(context.raised.module)
        if not all(part.isidentifier() for part in source.split(".")):
            continue
        imports = Imports(module, Layout(context.project, ""))
        name = imports.use(f"{source}.{kind}", prefer_module=True)
        if name == kind:
            continue
        edit = (
            Edit(module.span(handler.type.elts[-1])[1], module.span(handler.type.elts[-1])[1], f", {name}")
            if isinstance(handler.type, ast.Tuple)
            else Edit(*module.span(handler.type), f"({module.segment(handler.type)}, {name})")
        )
        yield Idea(
            title=f"catch {name} too: it is another class of that name",
            why=f"The except catches the built-in {kind}, and {name} came, which is another class. The edit lets it catch both.",
            edits=[(module, edit), *((module, item) for item in imports.edits())],
            prior=0.92,
            nature="call",
        )


def _no_class(context: Context) -> Iterator[Idea]:
    """Yield the tuple of classes for what only looks like one: `A or B`, a list, an instance."""
    module = context.module
    for node in module.nodes:
        if not isinstance(node, ast.ExceptHandler) or node.type is None:
            continue
        edit = _as_classes(module, node.type)
        if edit is None or not _concerns(context, node):
            continue
        yield Idea(
            title=f"catch {short(edit.text)}",
            why=(
                f"`except {short(module.segment(node.type))}` does not catch what it names: classes are given one by one, in "
                "parentheses. The edit writes it so."
            ),
            edits=[(module, edit)],
            prior=0.95,
        )


def _as_classes(module: Module, node: ast.expr) -> Edit | None:
    if isinstance(node, ast.BoolOp | ast.List | ast.Set):
        parts = node.values if isinstance(node, ast.BoolOp) else node.elts
        if parts and all(isinstance(item, ast.Name | ast.Attribute) for item in parts):
            return Edit(*module.span(node), "(" + ", ".join(module.segment(item) for item in parts) + ("," if len(parts) == 1 else "") + ")")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and all(isinstance(item, ast.Name | ast.Attribute) for item in (node.left, node.right)):
        return Edit(*module.span(node), f"({module.segment(node.left)}, {module.segment(node.right)})")
    if isinstance(node, ast.Call) and not node.args and not node.keywords and last_name(node.func)[:1].isupper():
        return Edit(*module.span(node), module.segment(node.func))
    return None


def _concerns(context: Context, handler: ast.ExceptHandler) -> bool:
    """Say whether a handler stands on the way of the failure: its `try` holds the line of a frame, or the line is the clause itself."""
    module = context.module
    node = module.parents.get(handler)
    if not isinstance(node, ast.Try):
        return False
    if "catching classes that do not inherit" in context.raised.message:
        return handler.lineno == context.line or node.body[0].lineno <= context.line <= (node.body[-1].end_lineno or 0)
    if not node.body[0].lineno <= context.line <= (node.body[-1].end_lineno or node.body[-1].lineno):
        return False
    names = {last_name(item) for item in ast.walk(handler.type) if isinstance(item, ast.Name | ast.Attribute)} if handler.type is not None else set()
    return bool(names & ancestors_of(context.project, context.raised.type.rsplit(".", 1)[-1], module))
