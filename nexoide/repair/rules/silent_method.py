"""Methods that are used and not called where Python does not complain: always true in a test, never equal, shown as `<bound method …>`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.running import loaded
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_TEXT = frozenset(
    ["strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "swapcase", "isdigit", "isalpha", "isnumeric", "splitlines"]
)
_EFFECTS = frozenset(["close", "flush", "commit", "rollback", "sort", "reverse", "clear", "start", "shutdown", "release", "acquire", "cancel", "rewind"])
_NEVER = frozenset(["SyntaxError", "ImportError", "ModuleNotFoundError", "RecursionError", "MemoryError", "NameError", "UnboundLocalError"])
_PLAIN = frozenset(["staticmethod", "classmethod", "abstractmethod", "override"])
MOST = 3


class SilentMethod:
    """Calls a method whose result was meant, where the method itself was taken without a complaint."""

    name = "silent-method"
    summary = "Calls a method that stands without brackets in a test, a comparison, a text or on a line of its own, where nothing complains."
    errors = ("*",)
    searches = True
    examples: tuple[Example, ...] = (
        Example(
            name="a test that is always true",
            files={
                "main.py": "class Order:\n    def __init__(self, paid):\n        self.paid = paid\n\n    def is_paid(self):\n        return self.paid\n\n\n"
                "due = [order for order in [Order(True), Order(False)] if not order.is_paid]\nassert len(due) == 1, 'one order is due'\nprint(len(due))\n"
            },
            prints="1\n",
        ),
        Example(
            name="a method that is handed on to be called",
            files={
                "main.py": "class Job:\n    def run(self):\n        return 1\n\n\nsteps = [job.run for job in [Job(), Job()]]\n"
                "assert sum(step() for step in steps) == 3, 'three'\n"
            },
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error can be what a method in the place of its result leads to, and does not name it itself."""
        return raised.type not in _NEVER and not (raised.type == "TypeError" and "method'" in raised.message)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the calls of each method that is surely used in the place of its result, those of the failing files first."""
        named = "method" in context.raised.message
        telling = context.raised.type.rsplit(".", 1)[-1] in ("AssertionError", "SystemExit")
        ideas: list[Idea] = []
        files = loaded(context)
        names = _candidates([module for module, _ in files])
        for module, framed in files if telling else [row for row in files if row[1]]:
            places: dict[str, list[ast.Attribute]] = {}
            for node in module.nodes:
                if isinstance(node, ast.Attribute) and node.attr in names and isinstance(node.ctx, ast.Load):
                    how = _misuse(context.project, module, node)
                    if how:
                        places.setdefault(f"{node.attr} {how}", []).append(node)
            for key, nodes in places.items():
                ideas.append(_called(module, key, nodes, 0.95 if named else (0.9 if framed else 0.86) if telling else 0.7 if framed else 0.62))
        yield from offer(context, self.name, ideas[:MOST])


def _candidates(modules: Sequence[Module]) -> frozenset[str]:
    """Return the names that can be a method's without arguments: built in, or defined in these files as nothing else."""
    methods = {item.name for module in modules for item in index(module).functions if item.owner is not None and not item.decorators}
    values = {name for module in modules for item in index(module).classes for name in item.attributes}
    return frozenset((methods - values) | _TEXT | _EFFECTS)


def _called(module: Module, key: str, nodes: list[ast.Attribute], prior: float) -> Idea:
    how = key.split(" ", 1)[1]
    text = short(module.segment(nodes[0]), 40)
    where = f"line {nodes[0].lineno}" if len(nodes) == 1 else f"lines {', '.join(str(node.lineno) for node in nodes[:4])}"
    return Idea(
        title=f"call {text}()",
        why=f"{nodes[0].attr} is a method, and {where} of {module.rel} uses it without calling it: {how}. The edit calls it; it takes no arguments.",
        edits=[(module, Edit(module.span(node)[1], module.span(node)[1], "()")) for node in nodes],
        prior=prior,
        nature="call",
        alternatives=("Making it a property: other places call it.",),
    )


def _misuse(project: Project, module: Module, node: ast.Attribute) -> str:
    """Return what a method that is not called does in its place, "" where it may be meant or is no method."""
    how = _how(module, node)
    if not how:
        return ""
    if node.attr in _TEXT or (node.attr in _EFFECTS and how.startswith("the line")):
        return how if _is_builtin(project, module, node) else ""
    if how.startswith("it is kept"):
        return ""
    return how if _is_plain_method(project, module, node) else ""


def _how(module: Module, node: ast.Attribute) -> str:
    parent = module.parents.get(node)
    if isinstance(parent, ast.Expr):
        return "the line does nothing"
    if isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert) and parent.test is node:
        return "the test is always true"
    if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
        return "the test is always true"
    if isinstance(parent, ast.comprehension) and node in parent.ifs:
        return "the test is always true"
    if isinstance(parent, ast.BoolOp) and _is_tested(module, parent):
        return "the test is always true"
    if isinstance(parent, ast.FormattedValue):
        return "the text shows the method and not its result"
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in ("str", "print") and node in parent.args:
        return "the text shows the method and not its result"
    if isinstance(parent, ast.Compare) and isinstance(parent.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
        sides = [parent.left, *parent.comparators]
        others = [side for side in sides if side is not node]
        if isinstance(parent.ops[0], ast.Eq | ast.NotEq) and any(isinstance(side, ast.Constant | ast.JoinedStr | ast.BinOp | ast.List) for side in others):
            return "a method is equal to no value"
        if isinstance(parent.ops[0], ast.In | ast.NotIn) and parent.left is node:
            return "a method is in no list of values"
    return "it is kept in the place of its result" if _is_kept(module, node, parent) else ""


def _is_tested(module: Module, node: ast.BoolOp) -> bool:
    parent: ast.AST | None = node
    child: ast.AST = node
    while isinstance(parent, ast.BoolOp) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)):
        child, parent = parent, module.parents.get(parent)
    if isinstance(parent, ast.comprehension):
        return child in parent.ifs
    return isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert) and parent.test is child


def _is_kept(module: Module, node: ast.Attribute, parent: ast.AST | None) -> bool:
    """Say whether a value is made of the method itself: an item, a result, a variable that nobody calls."""
    if node.attr not in _TEXT:
        return False
    if isinstance(parent, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return parent.elt is node
    if isinstance(parent, ast.DictComp | ast.Dict | ast.Return):
        return True
    if isinstance(parent, ast.Assign) and parent.value is node and isinstance(parent.targets[0], ast.Name):
        name = parent.targets[0].id
        inside: ast.AST = module.function(node) or module.tree
        return not any(isinstance(item, ast.Call) and isinstance(item.func, ast.Name) and item.func.id == name for item in ast.walk(inside))
    return False


def _is_builtin(project: Project, module: Module, node: ast.Attribute) -> bool:
    """Say whether an attribute can only be the method of a built-in type: no class of the project has it, and it is not read of a class or module."""
    if any(node.attr in members(project, item).attributes for item in _having(project, node.attr)):
        return False
    root = node.value
    if not isinstance(root, ast.Name):
        return True
    return root.id not in (*index(module).imports, "str", "bytes", "list", "dict", "set") and not find_classes(project, root.id, module)


def _having(project: Project, name: str) -> list[Class]:
    """Return the project's classes that define a method of that name or set an attribute of it."""
    return [
        item
        for module in project.containing(name)
        if not is_test(module.rel)
        for item in index(module).classes
        if name in item.methods or name in item.attributes or any(isinstance(node, FUNCTIONS) and node.name == name for node in item.node.body)
    ]


def _is_plain_method(project: Project, module: Module, node: ast.Attribute) -> bool:
    """Say whether an attribute is surely a method without arguments: in all classes of the project that have the name, or in that of the object."""
    if isinstance(node.value, ast.Name) and (node.value.id in index(module).imports or find_classes(project, node.value.id, module)):
        return False
    if isinstance(node.value, ast.Call) and last_name(node.value.func) == "super":
        return False
    names = infer(project, module, node.value)
    known = [found for name in sorted(names) for found in find_classes(project, name, module)]
    classes = [item for item in known if node.attr in members(project, item).names] or ([] if known else _having(project, node.attr))
    if not classes:
        return False
    for item in classes:
        held = members(project, item)
        method = held.methods.get(node.attr)
        if (
            method is None
            or node.attr in held.attributes
            or method.is_async
            or set(method.decorators) - {"staticmethod", "classmethod", "abstractmethod", "override"}
        ):
            return False
        if any(parameter.required for parameter in of_function(method).parameters):
            return False
    return bool(names) or not _is_set_elsewhere(project, node.attr)


def _is_set_elsewhere(project: Project, name: str) -> bool:
    """Say whether anything of the project sets an attribute of that name on an object: then it may be a value."""
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
        for module in project.containing("." + name)
        for node in module.nodes
    )
