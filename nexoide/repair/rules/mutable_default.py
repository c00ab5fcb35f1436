"""One container where each call or object was meant to have its own: defaults, class attributes, dataclass fields, repeated rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, index, last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.reach import Reached, nodes_of, reached, states_a_rule
from nexoide.repair.code.signatures import constructor
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.flow.shared_constants import Alias, aliases, container, copied
from nexoide.repair.flow.shared_values import (
    ClassValue,
    Default,
    classes_of,
    default_use,
    defaults_of,
    is_changed,
    is_mutable,
    repeated,
    shared_defaults,
    shared_in_class,
)
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.naming.importing import need
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_FIELD = re.compile(r"mutable default <class '([\w.]+)'> for field (\w+) is not allowed")
# Errors that say by themselves what is wrong, and are never a late effect of a shared container.
_OTHERS = frozenset(["SyntaxError", "ImportError", "ModuleNotFoundError", "NameError", "UnboundLocalError", "RecursionError", "RuntimeWarning", "OSError"])


class MutableDefault:
    """Gives every call, object or place a container of its own where one is shared and changed."""

    name = "mutable-default"
    summary = "Makes a new container for every call, object or row where one that is shared is changed."
    errors = ("*",)
    searches = True
    examples = (
        Example(
            name="a list as a default",
            files={
                "basket.py": "def add(item, basket=[]):\n    basket.append(item)\n    return basket\n",
                "main.py": "from basket import add\n\nadd('tea')\nrow = add('rum')\nassert row == ['rum'], row\nprint('ok')\n",
            },
            prints="ok\n",
        ),
        Example(
            name="a list in a class body",
            files={
                "main.py": "class Team:\n    members = []\n\n    def join(self, name):\n        self.members.append(name)\n\n\n"
                "red, blue = Team(), Team()\nred.join('ada')\nassert blue.members == [], blue.members\nprint('ok')\n",
            },
            prints="ok\n",
        ),
        Example(
            name="a default that nothing changes",
            files={"main.py": "def total(rows=[]):\n    return sum(rows)\n\n\nassert total([1]) == 2\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error may be a late effect of a shared container, or is a dataclass's refusal of one."""
        return _FIELD.search(raised.message) is not None or raised.type not in _OTHERS

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repairs of the shared containers that the failing code reaches."""
        match = _FIELD.search(context.raised.message)
        if match is not None:
            yield from offer(context, self.name, _fields(context, match[2]))
            return
        noted = len(context.refusals)
        states = states_a_rule(context)
        seen: set[int] = set()
        for item in reached(context):
            if id(item.scope) not in seen:
                seen.add(id(item.scope))
                yield from offer(context, self.name, _of_function(context, item, states=states))
        del context.refusals[noted:]


def _prior(sure: float, item: Reached, *, states: bool) -> float:
    """Belief: highest where the program itself states that something is wrong, less the further away the shared value is."""
    return sure - (0.0 if states else 0.22) - 0.01 * item.steps


def _of_function(context: Context, item: Reached, *, states: bool) -> Iterator[Idea]:
    module = item.module
    if item.node is not None:
        for default in shared_defaults(context.project, module, item.node):
            idea = _own_default(module, default, _prior(0.92 if default.strong else 0.84, item, states=states))
            if idea is not None:
                yield idea
        yield from _constant_defaults(context, module, item.node, _prior(0.92, item, states=states))
    nodes = nodes_of(item)
    for alias in aliases(context.project, module, nodes):
        yield _own_copy(context, module, alias, _prior(0.9, item, states=states))
    for one in {id(found.node): found for node in nodes if isinstance(node, ast.Call) for found in classes_of(context.project, module, node)}.values():
        if not is_test(one.module.rel):
            for value in shared_in_class(context.project, one):
                idea = _own_attribute(context.project, value, _prior(0.9, item, states=states))
                if idea is not None:
                    yield idea
    for whole in repeated(nodes):
        if _is_filled(module, whole, nodes):
            yield _own_rows(module, whole, _prior(0.9, item, states=states))


def _constant_defaults(context: Context, module: Module, function: FunctionNode, prior: float) -> Iterator[Idea]:
    """Defaults that are a module's own container: a call that gives none changes it for everybody."""
    for parameter, default in defaults_of(function):
        value = container(context.project, module, default)
        how = default_use(context.project, module, function, parameter.arg) if value is not None else ""
        if value is not None and how:
            text, edits = copied(context.project, module, module.segment(default), value)
            idea = _own_default(module, Default(function, parameter, default, how, True), prior, text, edits)
            if idea is not None:
                yield idea


def _own_copy(context: Context, module: Module, alias: Alias, prior: float) -> Idea:
    text, edits = copied(context.project, module, alias.node.id, alias.value)
    return Idea(
        title=f"let {alias.name} be a copy of {alias.node.id}",
        why=f"{alias.name} is {alias.node.id} itself, which the module makes once, and it is changed afterwards: for all that read it later. "
        "The edit takes a copy, so that the one of the module stays as it is written.",
        edits=[(module, edit) for edit in (Edit(*module.span(alias.node), text), *edits)],
        prior=prior,
        unchecked=("That the failure comes from this: no message says so.",),
    )


def _own_default(module: Module, default: Default, prior: float, made: str = "", imports: Iterable[Edit] = ()) -> Idea | None:
    function, name = default.function, default.parameter.arg
    first = next((one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None:
        return None
    at = module.span(first)[0]
    text = made or module.segment(default.value)
    edits = [(module, Edit(*module.span(default.value), "None")), *((module, edit) for edit in imports)]
    annotation = default.parameter.annotation
    if annotation is not None and "None" not in module.segment(annotation) and "Optional" not in module.segment(annotation) and "|" in module.text:
        end = module.span(annotation)[1]
        edits.append((module, Edit(end, end, " | None")))
    edits.append((module, Edit(at, at, f"if {name} is None:\n{indent}    {name} = {text}\n{indent}")))
    return Idea(
        title=f"make {name} anew in each call of {function.name}()",
        why=f"The default {short(module.segment(default.value))} of {name} is made once and shared by all calls of {function.name}(), and it {default.how}. "
        "The edit makes a new one in each call that gives none. Calls that give one are as before.",
        edits=edits,
        prior=prior,
        unchecked=("That the failure comes from this: no message says so.",),
    )


def _own_attribute(project: Project, value: ClassValue, prior: float) -> Idea | None:
    item, module = value.item, value.item.module
    made = item.methods.get("__init__")
    text = module.segment(value.value)
    start = module.line_start(value.statement.lineno)
    end = module.line_start((value.statement.end_lineno or value.statement.lineno) + 1) if value.statement.end_lineno != len(module.lines) else len(module.text)
    if made is not None and made.node.args.args:
        first = next((one for one in made.node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
        indent = module.own_indent(first) if first is not None else None
        if first is None or indent is None:
            return None
        at = module.span(first)[0]
        edits = [(module, Edit(start, end, "")), (module, Edit(at, at, f"{made.node.args.args[0].arg}.{value.name} = {text}\n{indent}"))]
    else:
        indent = module.own_indent(value.statement)
        if indent is None or made is not None:
            return None
        own, given = _passed_on(project, item)
        base = f"{indent}    super().__init__({given})\n" if given is not None else ""
        blank = "" if len(item.node.body) > 1 and not module.lines[(value.statement.end_lineno or 0)].strip() else "\n" if len(item.node.body) > 1 else ""
        edits = [(module, Edit(start, end, f"{indent}def __init__({own}):\n{base}{indent}    self.{value.name} = {text}\n{blank}"))]
    return Idea(
        title=f"give every {item.name} its own {value.name}",
        why=f"{value.name} is made once, in the body of class {item.name}, and all its objects change that one through self.{value.name}. "
        "The edit makes it in __init__() instead, so that every object has its own.",
        edits=edits,
        prior=prior,
        unchecked=("That the failure comes from this: no message says so.", f"Whether all objects of {item.name} were meant to share it."),
    )


def _passed_on(project: Project, item: Class) -> tuple[str, str | None]:
    """Return the parameters of an `__init__` that stands before those of the bases, and what it gives them; None where there are no bases."""
    if not [base for base in item.bases if base not in ("object", "ABC")]:
        return "self", None
    signature = constructor(project, item)
    if signature is None or signature.star or signature.star_star or not all(one.required and one.kind == "either" for one in signature.parameters):
        return "self, *args, **kwargs", "*args, **kwargs"
    names = [one.name for one in signature.parameters]
    return ", ".join(["self", *names]), ", ".join(names)


def _is_filled(module: Module, whole: ast.BinOp | ast.Call, nodes: list[ast.AST]) -> bool:
    """Say whether the shared rows are changed one by one later."""
    parent = module.parents.get(whole)
    target = parent.targets[0] if isinstance(parent, ast.Assign) and parent.value is whole else None
    if target is None:
        return False
    path = ast.unparse(target)
    scope: list[ast.AST] = nodes if isinstance(target, ast.Name) else list(module.nodes)
    aliases = [path]
    for node in scope:
        if isinstance(node, ast.For | ast.comprehension) and ast.unparse(node.iter) == path and isinstance(node.target, ast.Name):
            aliases.append(node.target.id)
        elif (
            isinstance(node, ast.Call) and target is not None and any(ast.unparse(part) == path for part in node.args) and isinstance(parent, ast.Assign)
        ) or (isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) == path):
            return True
    return any(is_changed(scope, alias) for alias in aliases)


def _own_rows(module: Module, whole: ast.BinOp | ast.Call, prior: float) -> Idea:
    if isinstance(whole, ast.BinOp):
        assert isinstance(whole.left, ast.List)
        count = module.segment(whole.right)
        text = f"[{module.segment(whole.left.elts[0])} for _ in range({count})]"
        what = f"{short(module.segment(whole))} puts one and the same row into every place"
    else:
        text = f"{{key: {module.segment(whole.args[1])} for key in {module.segment(whole.args[0])}}}"
        what = f"{short(module.segment(whole))} puts one and the same {last_name(getattr(whole.args[1], 'func', None)) or 'container'} under every key"
    return Idea(
        title="make a container of its own for every place",
        why=f"{what}, so that a change of one is a change of all. The edit makes a new one for each.",
        edits=[(module, Edit(*module.span(whole), text))],
        prior=prior,
        unchecked=("That the failure comes from this: no message says so.",),
    )


def _fields(context: Context, name: str) -> Iterator[Idea]:
    """A dataclass refuses a container as a default: every field of the class that has one gets a factory."""
    found: list[Class] = []
    for module in context.project.containing("dataclass", name):
        found += [item for item in index(module).classes if item.has_fields and name in item.attributes and is_mutable(item.attributes[name].value)]
    found = [item for item in found if item.module is context.module and item.node.lineno <= context.line + 2] or found
    near = [item for item in found if item.node.lineno - len(item.node.decorator_list) - 1 <= context.line <= (item.node.end_lineno or 0)] or found
    if not near or is_test(near[0].module.rel):
        return
    item, module = near[0], near[0].module
    text, edits = need(context.project, module, "dataclasses", "field")
    made = [(module, edit) for edit in edits]
    names: list[str] = []
    for attribute in item.attributes.values():
        value = attribute.value
        if attribute.is_field and value is not None and is_mutable(value):
            names.append(attribute.name)
            made.append((module, Edit(*module.span(value), f"{text}(default_factory={_factory(module, value)})")))
    yield Idea(
        title=f"let {', '.join(names)} of {item.name} be made anew for every object",
        why=f"A dataclass refuses a container as a default, because all its objects would share it. The edit gives {item.name} a factory, "
        f"which makes one for each object.",
        edits=made,
        prior=0.97,
    )


def _factory(module: Module, value: ast.expr) -> str:
    empty = {ast.List: "list", ast.Dict: "dict", ast.Set: "set"}
    parts = getattr(value, "elts", getattr(value, "keys", None))
    if type(value) in empty and not parts:
        return empty[type(value)]
    if isinstance(value, ast.Call) and not value.args and not value.keywords:
        return module.segment(value.func)
    return f"lambda: {module.segment(value)}"
