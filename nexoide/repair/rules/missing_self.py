"""Methods and their object: `self` left out before a name or in a definition, a method called on its class, a decorator that does not fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_functions, index, members
from nexoide.repair.code.methods import called_on_class, decorated_wrongly, first_parameter, uses_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example

_UNDEFINED = re.compile(r"(?:name|local variable) '(\w+)' (?:is not defined|referenced before assignment)|cannot access local variable '(\w+)' where")
_MISSING = re.compile(r"([\w.<>]+)\(\) missing \d+ required positional arguments?: (.+)")
_CLASS_HAS_NOT = re.compile(r"type object '([\w.]+)' has no attribute '(\w+)'")
_TOO_MANY = re.compile(r"([\w.<>]+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given")


class MissingSelf:
    """Writes the `self` that was left out, or lets a method be called the way it is defined."""

    name = "missing-self"
    summary = "Writes a forgotten self before a name or in a definition, and mends methods called on their class or decorated against their use."
    errors = ("NameError", "UnboundLocalError", "TypeError", "AttributeError")
    examples = (
        Example(
            name="self left out before an attribute",
            files={
                "main.py": "class Cart:\n    def __init__(self):\n        self.lines = [1, 2]\n\n    def size(self):\n        return "
                "len(lines)\n\n\nprint(Cart().size())\n"
            },
            prints="2\n",
        ),
        Example(
            name="a constructor without its decorator",
            files={
                "main.py": "class User:\n    def __init__(self, name):\n        self.name = name\n\n    def parse(cls, text):\n        "
                "return cls(text.strip())\n\n\n"
                "print(User.parse(' ada ').name)\n"
            },
            prints="ada\n",
        ),
        Example(
            name="a name that the class does not have either",
            files={"main.py": "class Cart:\n    def size(self):\n        return undefined_thing\n\n\nCart().size()\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether a name is not there, a call lacks an argument, or a class lacks what its objects have."""
        message = raised.message
        if raised.type in ("NameError", "UnboundLocalError"):
            return _UNDEFINED.search(message) is not None
        if raised.type == "AttributeError":
            return _CLASS_HAS_NOT.match(message) is not None
        return raised.type == "TypeError" and (_MISSING.match(message) is not None or _TOO_MANY.match(message) is not None)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the name, the definition or the call."""
        message = context.raised.message
        if context.raised.type in ("NameError", "UnboundLocalError"):
            match = _UNDEFINED.search(message)
            name = (match[1] or match[2]) if match is not None else ""
            if context.is_raising and name:
                yield from offer(context, self.name, _no_self(context) if name == "self" else _forgotten(context, name))
            return
        if context.raised.type == "AttributeError":
            yield from offer(context, self.name, _class_method_of_objects(context))
            return
        lacking = _MISSING.match(message)
        many = _TOO_MANY.match(message)
        qualname = lacking[1] if lacking is not None else many[1] if many is not None else ""
        functions = [item for item in find_functions(context.project, qualname) if not is_test(item.module.rel)]
        methods = [item for item in functions if item.owner is not None]
        if len(methods) != 1:
            return
        ideas = list(decorated_wrongly(context, methods[0], message))
        if not ideas and lacking is not None:
            ideas = list(called_on_class(context, methods[0], lacking[2]))
        yield from offer(context, self.name, ideas)


def _failing(context: Context, name: str) -> ast.Name | None:
    found = [item for item in context.nodes(lambda item: isinstance(item, ast.Name) and item.id == name) if isinstance(item, ast.Name)]
    return found[0] if found else None


def _method_around(module: Module, node: ast.AST) -> tuple[ast.ClassDef, FunctionNode] | None:
    """Return the class and the method that a node stands in, functions inside the method included."""
    for item in module.ancestors(node):
        owner = module.parents.get(item)
        if isinstance(item, FUNCTIONS) and isinstance(owner, ast.ClassDef):
            return owner, item
    return None


def _class_of(module: Module, node: ast.ClassDef) -> Class | None:
    return next((item for item in index(module).classes if item.node is node), None)


def _forgotten(context: Context, name: str) -> Iterator[Idea]:
    """A bare name that is an attribute or a method of the object."""
    module = context.module
    node = _failing(context, name)
    around = _method_around(module, node) if node is not None else None
    item = _class_of(module, around[0]) if around is not None else None
    if node is None or around is None or item is None:
        return
    _, method = around
    known = members(context.project, item)
    if name not in known.names or (context.raised.type == "UnboundLocalError" and (name in index(module).globals or _is_method(known.methods, name))):
        return
    receiver = _receiver(module, item, method, known.methods.get(name))
    if not receiver:
        context.refuse(f"{name} belongs to objects of {item.name}, and {method.name}() has no object.")
        return
    uses = _same_mistake(module, item, method, name, whole=context.raised.type == "NameError")
    kind = "method" if _is_method(known.methods, name) else "attribute"
    many = f" ({len(uses)} places)" if len(uses) > 1 else ""
    yield Idea(
        title=f"write {receiver}.{name} where {receiver}. was left out{many}",
        why=f"{name} is {'a' if kind == 'method' else 'an'} {kind} of {item.name} and no variable of {method.name}(). "
        f"The edit writes {receiver}.{name}{f' in all {len(uses)} places of the class that lack it' if many else ''}. It changes nothing else.",
        edits=[(module, Edit(*module.span(use), f"{_receiver_at(module, use, item, receiver)}.{name}")) for use in uses],
        prior=0.95,
    )


def _is_method(methods: dict[str, Function], name: str) -> bool:
    return name in methods and not {"property", "cached_property"} & set(methods[name].decorators)


def _receiver(module: Module, item: Class, method: FunctionNode, wanted: Function | None) -> str:
    """Return through what a method reaches members: its first parameter, or the class where a class's own are enough."""
    decorators = {text.rsplit(".", 1)[-1] for text in (module.segment(decorator) for decorator in method.decorator_list)}
    first = first_parameter(method)
    static = wanted is not None and {"staticmethod", "classmethod"} & set(wanted.decorators)
    if "staticmethod" in decorators or not first:
        return item.name if static else ""
    if "classmethod" in decorators and not static and wanted is not None:
        return ""
    return first


def _receiver_at(module: Module, use: ast.Name, item: Class, receiver: str) -> str:
    around = _method_around(module, use)
    return receiver if around is None or receiver == item.name else first_parameter(around[1]) or receiver


def _same_mistake(module: Module, item: Class, method: FunctionNode, name: str, *, whole: bool) -> list[ast.Name]:
    """Return the uses of the bare name that fail the same way: in all methods of the class, or in this one alone."""
    found: list[ast.Name] = []
    for other in item.methods.values() if whole else [one for one in item.methods.values() if one.node is method]:
        if whole and (uses_name(other.node, name, ast.Store) or name in _parameters(other.node)):
            continue
        if not first_parameter(other.node) or "staticmethod" in other.decorators:
            continue
        found += [use for use in ast.walk(other.node) if isinstance(use, ast.Name) and use.id == name and use not in _outside_body(other.node)]
    return found


def _outside_body(method: FunctionNode) -> set[ast.AST]:
    """Return the nodes of a method's head: defaults, annotations and decorators are evaluated outside of it."""
    return {item for part in (method.args, *method.decorator_list, *([method.returns] if method.returns else [])) for item in ast.walk(part)}


def _parameters(function: FunctionNode) -> set[str]:
    given = function.args
    return {item.arg for item in (*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg)))}


def _no_self(context: Context) -> Iterator[Idea]:
    """`self` in a method that does not take it."""
    module = context.module
    node = _failing(context, "self")
    around = _method_around(module, node) if node is not None else None
    if node is None or around is None:
        return
    owner, method = around
    if node in _outside_body(method):
        yield from _default_of_self(context, method, node)
        return
    first = first_parameter(method)
    decorators = [item for item in method.decorator_list if module.segment(item) in ("staticmethod", "classmethod")]
    opening = module.text.index("(", module.text.index(method.name, module.span(method)[0]))
    if first and not uses_name(method, first, ast.Load) and first != "self":
        edits = [(module, Edit(*module.span(method.args.args[0]), "self"))]
        if decorators and module.segment(decorators[0]) == "classmethod":
            edits.append((module, _without(module, method, decorators[0])))
        yield Idea(
            title=f"call the first parameter of {owner.name}.{method.name}() self",
            why=f"{method.name}() calls its object {first} and reads self. Nothing in it reads {first}. The edit gives the parameter the "
            f"name that the body uses.",
            edits=edits,
            prior=0.94,
        )
        return
    if decorators and module.segment(decorators[0]) == "classmethod":
        uses = [item for item in ast.walk(method) if isinstance(item, ast.Name) and item.id == "self"]
        yield Idea(
            title=f"read {first} where {method.name}() says self",
            why=f"{method.name}() is a class method: it is given its class as {first} and has no object. The edit reads {first} in the place of self.",
            edits=[(module, Edit(*module.span(item), first)) for item in uses],
            prior=0.8,
        )
        return
    edits = [(module, Edit(opening + 1, opening + 1, "self, " if method.args.args or method.args.kwonlyargs or method.args.vararg else "self"))]
    if decorators:
        edits.append((module, _without(module, method, decorators[0])))
    yield Idea(
        title=f"give {owner.name}.{method.name}() its self",
        why=f"{method.name}() reads self and does not take it. The edit adds self as its first "
        f"parameter{' and takes @staticmethod away' if decorators else ''}. No call changes.",
        edits=edits,
        prior=0.92,
    )


def _without(module: Module, method: FunctionNode, decorator: ast.expr) -> Edit:
    start = module.text.rindex("@", 0, module.span(decorator)[0])
    following = min([module.span(item)[0] - 1 for item in method.decorator_list if item.lineno > decorator.lineno] + [module.span(method)[0]])
    return Edit(start, following, "")


def _default_of_self(context: Context, method: FunctionNode, node: ast.Name) -> Iterator[Idea]:
    """`def f(self, count=self.count)`: a default is evaluated where no object is there yet."""
    module = context.module
    given = method.args
    named = [*given.posonlyargs, *given.args][-len(given.defaults) :] if given.defaults else []
    pairs = [
        *zip(named, given.defaults, strict=True),
        *((item, value) for item, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None),
    ]
    found = [(item, value) for item, value in pairs if node in set(ast.walk(value))]
    first = next((item for item in method.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))), None)
    indent = module.own_indent(first) if first is not None else None
    if not found or first is None or indent is None:
        return
    item, value = found[0]
    at = module.span(first)[0]
    yield Idea(
        title=f"read {module.segment(value)} when {method.name}() is called",
        why=f"A default is evaluated once, where the class is made and no object is there. The edit lets {item.arg} be None unless it is given, "
        f"and then takes {module.segment(value)}.",
        edits=[
            (module, Edit(*module.span(value), "None")),
            (module, Edit(at, at, f"if {item.arg} is None:\n{indent}    {item.arg} = {module.segment(value)}\n{indent}")),
        ],
        prior=0.9,
    )


def _class_method_of_objects(context: Context) -> Iterator[Idea]:
    """`@classmethod def total(self)`: what it reads is on objects, and its parameter says so."""
    match = _CLASS_HAS_NOT.match(context.raised.message)
    found = context.nodes(lambda item: isinstance(item, ast.Attribute) and match is not None and item.attr == match[2])
    around = _method_around(context.module, found[0]) if found else None
    item = _class_of(context.module, around[0]) if around is not None else None
    if match is None or around is None or item is None:
        return
    method, module = around[1], context.module
    decorators = [one for one in method.decorator_list if module.segment(one) == "classmethod"]
    if decorators and first_parameter(method) == "self" and match[2] in members(context.project, item).names:
        yield Idea(
            title=f"let {item.name}.{method.name}() work on its object",
            why=f"{method.name}() is decorated as a class method, takes self and reads self.{match[2]}, which objects have and the class has not. "
            "The edit takes the decorator away.",
            edits=[(module, _without(module, method, decorators[0]))],
            prior=0.94,
        )
