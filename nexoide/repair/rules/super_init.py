"""A base's __init__ that is not called, is called too early, or is called in a way that Python does not take."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.absent.late_base import called_late
from nexoide.repair.code.construction import calls_super
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, members
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import parameters
from nexoide.repair.code.signatures import Parameter, constructor
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_LACKS = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_NOT_CALLED = re.compile(
    r"__init__\(\) (?:not|was never|has not been) called|before \w+\.__init__\(\) call|super\(\)\.__init__\(\) was never called|super-class __init__"
)
_UNBOUND = re.compile(r"descriptor '(\w+)' (?:of 'super' object needs an argument|requires a 'super' object but received|for 'super' objects)")
_SUPER = re.compile(r"super\(type, obj\)|super\(\) argument 1 must be (?:a )?type|obj must be an instance or subtype of type")
_ARGUMENTS = re.compile(r"(?:(\w+)\.)?__init__\(\) (?:missing \d+ required|takes|got)|object\.__init__\(\) takes exactly one argument")
_PASSIVE = frozenset(["object", "ABC", "Protocol", "Generic", "Enum", "NamedTuple", "TypedDict"])


class SuperInit:
    """Calls the base's __init__ where it was left out, before it is needed, and in the way that it takes."""

    name = "super-init"
    summary = "Calls super().__init__() where a class forgets it, with the arguments that the base takes, and mends calls of it that cannot work."
    errors = ("AttributeError", "TypeError", "RuntimeError")
    examples = (
        Example(
            name="a base that is never initialised",
            files={
                "base.py": "class Base:\n    def __init__(self, name):\n        self.name = name\n        self.rows = []\n",
                "main.py": "from base import Base\n\n\nclass Log(Base):\n    def __init__(self, name, limit):\n        self.limit = "
                "limit\n\n\nlog = Log('a', 2)\n"
                "log.rows.append(1)\nprint(log.name, log.rows)\n",
            },
            prints="a [1]\n",
        ),
        Example(
            name="super without brackets",
            files={
                "main.py": "class Base:\n    def __init__(self, n):\n        self.n = n\n\n\nclass A(Base):\n    def __init__(self, n):\n   "
                "     super.__init__(n)\n\n\nprint(A(3).n)\n"
            },
            prints="3\n",
        ),
        Example(
            name="an attribute that no base sets",
            files={"main.py": "class Base:\n    pass\n\n\nclass A(Base):\n    def __init__(self):\n        self.n = 1\n\n\nprint(A().qqqq)\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object lacks what its base sets, or super() was not used as it can be."""
        message = raised.message
        if raised.type == "TypeError":
            return bool(_UNBOUND.search(message) or _SUPER.search(message) or _ARGUMENTS.search(message))
        if raised.type == "AttributeError":
            return bool(_LACKS.match(message) or _NOT_CALLED.search(message) or "'super' object" in message)
        return raised.type == "RuntimeError" and _NOT_CALLED.search(message) is not None

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the class or of its call of the base."""
        message = context.raised.message
        if context.raised.type == "TypeError":
            yield from offer(context, self.name, _misused(context, message))
            return
        lacks = _LACKS.match(message)
        if _NOT_CALLED.search(message) is not None:
            yield from offer(context, self.name, _foreign(context))
        elif lacks is not None:
            yield from offer(context, self.name, _not_called(context, lacks[1].rsplit(".", 1)[-1], lacks[2]))


def _misused(context: Context, message: str) -> Iterator[Idea]:
    """`super.__init__(...)`, `super(Other, self)`, `super().__init__(self, ...)`, `Base.__init__(...)` without self."""
    module = context.module
    calls = [node for node in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "super" and call.args]
    if named and _SUPER.search(message):
        yield Idea(
            title="use super() without arguments",
            why=f"{module.segment(named[0])} names a class that the object is not of. super() finds the class and the object itself. The edit uses that.",
            edits=[(module, Edit(*module.span(named[0]), "super()"))],
            prior=0.95,
        )
        return
    for call in calls:
        func = call.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "super" and _UNBOUND.search(message):
            end = module.span(func.value)[1]
            edits = [(module, Edit(end, end, "()")), *_without_self(module, call)]
            yield Idea(
                title=f"call super() before {func.attr}",
                why="super itself is a class; super() is the object's base. The edit puts the brackets in.",
                edits=edits,
                prior=0.96,
            )
            return
        if isinstance(func, ast.Attribute) and func.attr == "__init__" and isinstance(func.value, ast.Call) and module.segment(func.value.func) == "super":
            yield from _arguments(context, call, message)
            return
        if isinstance(func, ast.Attribute) and func.attr == "__init__" and isinstance(func.value, ast.Name) and "missing" in message:
            yield from _given_self(context, call, func.value)
            return


def _without_self(module: Module, call: ast.Call) -> list[tuple[Module, Edit]]:
    """Return the edit that takes self out of a bound call's arguments, or nothing where it is not there."""
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Name) and first.id == "self"):
        return []
    start = module.span(first)[0]
    end = module.span(call.args[1])[0] if len(call.args) > 1 else module.span(call.keywords[0].value)[0] if call.keywords else module.span(first)[1]
    if len(call.args) == 1 and call.keywords:
        end = module.text.index(call.keywords[0].arg or "*", module.span(first)[1])
    return [(module, Edit(start, end, ""))]


def _arguments(context: Context, call: ast.Call, message: str) -> Iterator[Idea]:
    module = context.module
    edits = _without_self(module, call)
    if edits and "missing" not in message:
        yield Idea(
            title="call super().__init__() without self",
            why="super() is bound to the object already, so self is given twice. The edit takes it out of the arguments.",
            edits=edits,
            prior=0.96,
        )
        return
    if "object.__init__() takes exactly one argument" in message and (call.args or call.keywords):
        opening = module.text.index("(", module.span(call.func)[1])
        yield Idea(
            title="call super().__init__() without arguments",
            why="The class's base is object, whose __init__ takes nothing but the object. The edit gives it nothing.",
            edits=[(module, Edit(opening + 1, module.span(call)[1] - 1, ""))],
            prior=0.85,
        )


def _given_self(context: Context, call: ast.Call, base: ast.Name) -> Iterator[Idea]:
    module = context.module
    owner = module.owner(call)
    around = next((item for item in index(module).classes if item.node is owner), None)
    first = call.args[0] if call.args else None
    if around is None or base.id not in around.bases or (isinstance(first, ast.Name) and first.id == "self"):
        return
    opening = module.text.index("(", module.span(call.func)[1])
    yield Idea(
        title=f"give {base.id}.__init__() its object",
        why=f"{base.id}.__init__() is called on the class, which gives it no object. The edit gives it self.",
        edits=[(module, Edit(opening + 1, opening + 1, "self, " if call.args or call.keywords else "self"))],
        prior=0.92,
        alternatives=("super().__init__() would find the base by itself.",),
    )


def _not_called(context: Context, name: str, attribute: str) -> Iterator[Idea]:
    """An attribute that a base's __init__ sets, missing in objects of a class whose own __init__ leaves the base's out."""
    found = [item for item in find_classes(context.project, name, context.module) if not is_test(item.module.rel)]
    if len(found) != 1:
        return
    todo: list[Class] = [found[0]]
    seen: set[str] = set()
    while todo and len(seen) < 8:
        item = todo.pop()
        seen.add(item.qualname)
        method = item.methods.get("__init__")
        bases = [base for text in item.bases for base in find_classes(context.project, text, item.module)]
        todo += [base for base in bases if base.qualname not in seen]
        if method is None:
            continue
        called = calls_super(method.node)
        setting = [base for base in bases if _sets(context, base, attribute)]
        if setting and called:
            late = called_late(context, item, method.node, setting[0], attribute)
            if late is not None:
                yield late
                return
        if setting and not called:
            idea = _called_first(context, item, method.node, setting[0], attribute)
            if idea is not None:
                yield idea
            return
        foreign = [text for text in item.bases if text not in _PASSIVE and not find_classes(context.project, text, item.module)]
        if foreign and not called and attribute not in members(context.project, found[0]).attributes:
            yield from _foreign_of(item, method.node, foreign[0])
            return


def _sets(context: Context, item: Class, attribute: str) -> bool:
    """Say whether making an object of a class sets an attribute."""
    known = members(context.project, item)
    init = known.methods.get("__init__")
    if init is not None and any(isinstance(node, ast.Attribute) and node.attr == attribute and isinstance(node.ctx, ast.Store) for node in ast.walk(init.node)):
        return True
    return attribute in known.attributes and (item.has_fields or init is not None)


def _called_first(context: Context, item: Class, method: FunctionNode, base: Class, attribute: str) -> Idea | None:
    """Put the call of the base first, with the arguments that the method has for it."""
    module = item.module
    uncalled = [
        node
        for node in method.body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "__init__"
        and module.segment(node.value.value) == "super()"
    ]
    if uncalled:
        end = module.span(uncalled[0].value)[1]
        return Idea(
            title="call super().__init__, whose brackets are missing",
            why=f"{item.name}.__init__() names super().__init__ and does not call it, so that {attribute} is never set. The edit calls it.",
            edits=[(module, Edit(end, end, "()"))],
            prior=0.95,
        )
    signature = constructor(context.project, base)
    if signature is None:
        return None
    given = _passed(method, signature.parameters)
    first = next((one for one in method.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if given is None or first is None or indent is None:
        context.refuse(f"{item.name}.__init__() does not call {base.name}.__init__(), and nothing says what it should be given.")
        return None
    if signature.star and method.args.vararg is not None:
        given.append(f"*{method.args.vararg.arg}")
    if signature.star_star and method.args.kwarg is not None:
        given.append(f"**{method.args.kwarg.arg}")
    at = module.span(first)[0]
    what = f" with {', '.join(given)}" if given else ""
    return Idea(
        title=f"call the base's __init__ first in {item.name}",
        why=f"{base.name}.__init__() sets {attribute}, and {item.name}.__init__() takes its place without calling it. The edit calls it first{what}. "
        "What the class sets itself is set after it, as before.",
        edits=[(module, Edit(at, at, f"super().__init__({', '.join(given)})\n{indent}"))],
        prior=0.95,
    )


def _passed(method: FunctionNode, wanted: tuple[Parameter, ...]) -> list[str] | None:
    """Return the arguments for a base's parameters from the method's own of the same names; None where a required one is missing."""
    names = parameters(method)
    given: list[str] = []
    by_place = True
    for parameter in wanted:
        if parameter.name in names and (parameter.required or not _is_kept(method, parameter.name)):
            given.append(parameter.name if by_place and parameter.kind != "keyword" else f"{parameter.name}={parameter.name}")
        elif parameter.required:
            return None
        else:
            by_place = False
    return given


def _is_kept(method: FunctionNode, name: str) -> bool:
    """Say whether the method keeps one of its parameters itself, under the same name."""
    for node in ast.walk(method):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == name:
            return any(isinstance(target, ast.Attribute) and target.attr.strip("_") == name for target in node.targets)
    return False


def _foreign(context: Context) -> Iterator[Idea]:
    """A base of a library says that its __init__ was not called."""
    here: Context | None = context
    while here is not None:
        views = [view.type.rsplit(".", 1)[-1] for view in here.frame.locals.values()]
        words = {node.func.id for node in here.module.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        for name in dict.fromkeys([*views, *sorted(words)]):
            for item in find_classes(context.project, name, here.module):
                method = item.methods.get("__init__")
                foreign = [text for text in item.bases if text not in _PASSIVE and not find_classes(context.project, text, item.module)]
                if method is not None and foreign and not calls_super(method.node) and not is_test(item.module.rel):
                    yield from _foreign_of(item, method.node, foreign[0])
                    return
        here = here.outer()


def _foreign_of(item: Class, method: FunctionNode, base: str) -> Iterator[Idea]:
    module = item.module
    first = next((one for one in method.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if first is None or indent is None:
        return
    at = module.span(first)[0]
    yield Idea(
        title=f"call the base's __init__ first in {item.name}",
        why=f"{item.name}.__init__() takes the place of {base}.__init__() and does not call it, so that {base}'s own attributes are "
        f"missing. The edit calls it first.",
        edits=[(module, Edit(at, at, f"super().__init__()\n{indent}"))],
        prior=0.9,
        unchecked=(f"Whether {base}.__init__() needs arguments.",),
    )
