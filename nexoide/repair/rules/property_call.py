"""Called though it is no function, or used though it was not called: properties, methods, and attributes that hide them."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_classes, index, last_name, members
from nexoide.repair.code.infer import infer
from nexoide.repair.code.project import is_test
from nexoide.repair.code.reach import function_at
from nexoide.repair.code.signatures import of_function
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.flow.uncalled import BUILTIN_ARGUMENTS, Uncalled, meant, uncalled, uses_of
from nexoide.repair.ideas import Idea, offer, short
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

_NOT_CALLABLE = re.compile(r"'(?P<type>[\w.]+)' object is not callable")
_KINDS = r"(?:method|function|builtin_function_or_method|method_descriptor|method-wrapper|wrapper_descriptor|_lru_cache_wrapper)"
_UNCALLED = re.compile(rf"(?<![\w-])'?\"?{_KINDS}\"?'?(?![\w-])")
_NO_SETTER = re.compile(r"property '(?P<new>\w+)' of '(?P<owner>[\w.]+)' object has no setter|can't set attribute(?: '(?P<old>\w+)')?$")


class PropertyCall:
    """Takes the brackets away from a property, or calls the method whose result was meant."""

    name = "property-call"
    summary = "Takes the brackets off a property or value that is called, and calls a method that is used as its result."
    errors = ("TypeError", "AttributeError", "AssertionError")
    examples = (
        Example(
            name="a property that is called",
            files={
                "shop.py": "class Order:\n    def __init__(self, lines):\n        self.lines = lines\n\n    @property\n    def "
                "total(self):\n        return sum(self.lines)\n",
                "main.py": "from shop import Order\n\nprint(Order([1, 2]).total())\n",
            },
            prints="3\n",
        ),
        Example(
            name="a method that is not called",
            files={"main.py": "class Queue:\n    def size(self):\n        return 3\n\n\nqueue = Queue()\nif queue.size > 2:\n    print('long')\n"},
            prints="long\n",
        ),
        Example(
            name="an object that nothing can call",
            files={"main.py": "def run(job):\n    return job()\n\n\nrun(3)\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether something was called that cannot be, or a function was used as a value."""
        if raised.type == "AssertionError":
            return True
        if raised.type == "AttributeError":
            return _NO_SETTER.search(raised.message) is not None or _UNCALLED.match(raised.message) is not None
        if "'await'" in raised.message or "awaitable" in raised.message:
            return False
        return raised.type == "TypeError" and (_NOT_CALLABLE.search(raised.message) is not None or _UNCALLED.search(raised.message) is not None)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair of the use, and of the like uses in the project."""
        message = context.raised.message
        if context.raised.type == "AssertionError":
            yield from offer(context, self.name, _always_true(context))
            return
        callable_match = _NOT_CALLABLE.search(message)
        setter = _NO_SETTER.search(message) if context.raised.type == "AttributeError" else None
        if setter is not None:
            yield from offer(context, self.name, _no_setter(context, setter["new"] or setter["old"] or ""))
        elif callable_match is not None:
            if in_own_code(context):
                yield from offer(context, self.name, _called(context, callable_match["type"].rsplit(".", 1)[-1]))
        else:
            yield from offer(context, self.name, _not_called(context))


def _called(context: Context, kind: str) -> Iterator[Idea]:
    """Something that cannot be called, called."""
    module = context.module
    calls = [node for node in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call) and _may_be(context, node.func, kind)]
    sure = [call for call in calls if isinstance(call.func, ast.Attribute) and _owners(context, call.func.value)]
    calls = sure or calls
    if len({module.segment(call) for call in calls}) != 1:
        return
    call = calls[0]
    if isinstance(call.func, ast.Tuple | ast.List | ast.Constant | ast.Dict) and kind in ("tuple", "list", "dict", "str", "int", "float"):
        yield from _forgotten_comma(context, call)
        return
    if not isinstance(call.func, ast.Attribute):
        return
    owners = _owners(context, call.func.value)
    hidden = [(item, method) for item in owners if (method := members(context.project, item).methods.get(call.func.attr)) is not None]
    if hidden and not {"property", "cached_property"} & set(hidden[0][1].decorators):
        yield from _hidden(context, hidden[0][0], call.func.attr)
        return
    if call.args or call.keywords:
        yield from _subscripted(context, call, kind)
        return
    known = [item for item in owners if call.func.attr in members(context.project, item).names]
    view = context.view(call.func.value)
    if not known and owners:
        return
    if not known and view is None and kind in ("module", "type"):
        return
    yield from _without_brackets(context, call, known[0] if known else None)


def _may_be(context: Context, node: ast.expr, kind: str) -> bool:
    view = context.view(node)
    if view is not None:
        return view.type.rsplit(".", 1)[-1] == kind
    if isinstance(node, ast.Name):
        known = index(context.module)
        defined = {item.qualname for item in known.functions} | {item.qualname for item in known.classes} | set(known.imports)
        return not hasattr(builtins, node.id) and node.id not in defined
    if isinstance(node, ast.Attribute) and (owners := _owners(context, node.value)):
        found = [members(context.project, item) for item in owners]
        return any(node.attr in item.attributes or _is_property(item.methods.get(node.attr)) for item in found)
    return not isinstance(node, ast.Lambda)


def _is_property(method: Function | None) -> bool:
    return method is not None and bool({"property", "cached_property"} & set(method.decorators))


def _owners(context: Context, node: ast.expr) -> list[Class]:
    names = infer(context.project, context.module, node)
    view = context.view(node)
    if view is not None:
        names = {view.type.rsplit(".", 1)[-1]}
    return [item for name in sorted(names) for item in find_classes(context.project, name, context.module)]


def _forgotten_comma(context: Context, call: ast.Call) -> Iterator[Idea]:
    """`[(1, 2) (3, 4)]`: the interpreter reads a call where a comma was left out."""
    module = context.module
    end = module.span(call.func)[1]
    parent = module.parents.get(call)
    if isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.Call) and not isinstance(call.func, ast.Constant):
        yield Idea(
            title="put the comma between two elements",
            why=f"{short(module.segment(call.func))} is followed by brackets without a comma, which calls it. The edit puts the comma in.",
            edits=[(module, Edit(end, end, ","))],
            prior=0.95,
        )
    elif isinstance(call.func, ast.Constant) and isinstance(call.func.value, int | float) and len(call.args) == 1:
        yield Idea(
            title="put the multiplication sign that was left out",
            why=f"{module.segment(call.func)} is followed by brackets, which calls a number. The edit multiplies.",
            edits=[(module, Edit(end, end, " * "))],
            prior=0.85,
        )


def _hidden(context: Context, item: Class, name: str) -> Iterator[Idea]:
    """An attribute of the object that has the name of one of its methods: the attribute gets a name of its own."""
    module = item.module
    new = f"_{name}" if f"_{name}" not in members(context.project, item).names else f"{name}_value"
    uses = [
        node
        for node in ast.walk(item.node)
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Name) and node.value.id == "self"
        if not (isinstance(call := module.parents.get(node), ast.Call) and call.func is node)
    ]
    if not any(isinstance(node.ctx, ast.Store) for node in uses):
        return
    yield Idea(
        title=f"keep the value in self.{new}, so that {name}() stays a method",
        why=f"{item.name} has a method {name}() and gives its objects an attribute of the same name, which hides it. "
        f"The edit keeps the value in self.{new} in the {len(uses)} places of the class that mean it. Calls of {name}() are as before.",
        edits=[(module, Edit(module.span(node)[1] - len(name), module.span(node)[1], new)) for node in uses],
        prior=0.9,
        unchecked=(f"Whether code outside of {item.name} reads the attribute.",),
    )


def _subscripted(context: Context, call: ast.Call, kind: str) -> Iterator[Idea]:
    """`self.prices("tea")`: round brackets where square ones were meant."""
    module = context.module
    if (
        kind not in ("dict", "list", "tuple", "str", "defaultdict", "OrderedDict", "Counter", "ndarray", "DataFrame", "Series")
        or len(call.args) != 1
        or call.keywords
    ):
        return
    opening = module.text.index("(", module.span(call.func)[1])
    end = module.span(call)[1]
    text = short(module.segment(call.func))
    yield Idea(
        title=f"take an element of {text} with square brackets",
        why=f"{text} is a {kind}, which cannot be called; round brackets stand where an element is meant. The edit writes square ones.",
        edits=[(module, Edit(opening, opening + 1, "[")), (module, Edit(end - 1, end, "]"))],
        prior=0.92,
    )


def _without_brackets(context: Context, call: ast.Call, item: Class | None) -> Iterator[Idea]:
    """A property or plain attribute, called without arguments: the brackets go, here and where the same is done."""
    assert isinstance(call.func, ast.Attribute)
    name = call.func.attr
    places: list[tuple[Module, ast.Call]] = [(context.module, call)]
    if item is not None:
        others = [
            (module, node)
            for module in context.project.containing(f".{name}(")
            if not is_test(module.rel)
            for node in module.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name and not node.args and not node.keywords
        ]
        places += [
            (module, node)
            for module, node in others
            if node is not call and isinstance(node.func, ast.Attribute) and item.name in infer(context.project, module, node.func.value)
        ]
    known = members(context.project, item).methods.get(name) if item is not None else None
    what = "a property" if known is not None else "an attribute"
    many = f" ({len(places)} places)" if len(places) > 1 else ""
    yield Idea(
        title=f"read {short(context.module.segment(call.func))} without brackets{many}",
        why=f"{name} is {what}{f' of {item.name}' if item is not None else ''}: reading it gives its value, and the brackets then call that "
        f"value. The edit takes them away.",
        edits=[(module, Edit(module.span(node.func)[1], module.span(node)[1], "")) for module, node in places],
        prior=0.94 if item is not None else 0.8,
    )


def _not_called(context: Context) -> Iterator[Idea]:
    """A function where its result was meant."""
    module = context.module
    yield from _wrong_brackets(context)
    found = uncalled(context, builtin="builtin" in context.raised.message or "method" in context.raised.message)
    own = [item for item in found if item.function is not None]
    found = own or found
    wanted = re.search(r"has no attribute '(\w+)'", context.raised.message)
    if wanted is not None:
        found = [item for item in found if isinstance(parent := item.module.parents.get(item.node), ast.Attribute) and parent.attr == wanted[1]] or found
    if len({(item.module.segment(item.node)) for item in found}) not in (1, 2):
        context.refuse(
            "Several functions are named in this line without being called, and nothing says which was meant."
            if found
            else "The line names no function that it does not call."
        )
        return
    one = found[0]
    edits = [(item.module, Edit(item.module.span(item.node)[1], item.module.span(item.node)[1], "()")) for item in found]
    text = short(one.module.segment(one.node))
    edits += _like(context, one, edits)
    decorated = _as_property(context, one)
    if decorated is not None:
        yield decorated
    yield Idea(
        title=f"call {text}()" + (f" ({len(edits)} places)" if len(edits) > 1 else ""),
        why=f"{text} is a {'method' if isinstance(one.node, ast.Attribute) else 'function'}, and its name alone stands where its result is "
        f"used. The edit calls it.",
        edits=edits,
        prior=0.93 if one.function is not None or module is one.module else 0.85,
    )


def _like(context: Context, one: Uncalled, edits: list[tuple[Module, Edit]]) -> list[tuple[Module, Edit]]:
    """Return the edits of the other plain uses of the same method in comparisons, arithmetic, loops and texts."""
    if one.function is None or one.function.owner is None:
        return []
    plain, _ = uses_of(context.project, one.function)
    found: list[tuple[Module, Edit]] = []
    for module, node in plain:
        edit = (module, Edit(module.span(node)[1], module.span(node)[1], "()"))
        if edit not in edits and is_value_use(module, node) and not is_test(module.rel):
            found.append(edit)
    return found


def is_value_use(module: Module, node: ast.expr) -> bool:
    """Say whether a function's name stands where only its result makes sense."""
    parent = module.parents.get(node)
    if isinstance(parent, ast.Compare):
        return not any(isinstance(item, ast.Is | ast.IsNot | ast.In | ast.NotIn | ast.Eq | ast.NotEq) for item in parent.ops)
    if isinstance(parent, ast.For | ast.comprehension):
        return parent.iter is node or node in getattr(parent, "ifs", [])
    if isinstance(parent, ast.If | ast.While | ast.IfExp):
        return parent.test is node
    return isinstance(parent, ast.BinOp | ast.AugAssign | ast.FormattedValue | ast.UnaryOp | ast.Subscript | ast.Attribute)


def _as_property(context: Context, one: Uncalled) -> Idea | None:
    """A method that everybody reads like an attribute, beside properties of the same class: it lacks its decorator."""
    function = one.function
    if function is None or function.owner is None or function.decorators:
        return None
    plain, calls = uses_of(context.project, function)
    item = next((found for found in index(function.module).classes if found.node is function.owner), None)
    beside = [name for name, method in item.methods.items() if "property" in method.decorators] if item is not None else []
    if calls or len(plain) < 3 or not beside:
        return None
    indent = function.module.own_indent(function.node)
    start = function.module.span(function.node)[0]
    return Idea(
        title=f"make {function.qualname} a property",
        why=f"{function.name} is read without brackets in all {len(plain)} places, and {beside[0]} beside it is a property. The edit makes it one too.",
        edits=[(function.module, Edit(start, start, f"@property\n{indent}"))],
        prior=0.95,
        alternatives=(f"Calling it in all {len(plain)} places.",),
    )


def _wrong_brackets(context: Context) -> Iterator[Idea]:
    """`rows.append[3]`: square brackets where a call was meant."""
    if "not subscriptable" not in context.raised.message:
        return
    module = context.module
    for node in context.nodes(lambda item: isinstance(item, ast.Subscript)):
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name | ast.Attribute):
            continue
        functions = meant(context, module, node.value)
        needs = any(parameter.required for parameter in of_function(functions[0]).parameters) if functions else last_name(node.value) in BUILTIN_ARGUMENTS
        if needs and not isinstance(node.slice, ast.Slice):
            opening = module.text.index("[", module.span(node.value)[1])
            end = module.span(node)[1]
            text = short(module.segment(node.value))
            yield Idea(
                title=f"call {text} with round brackets",
                why=f"{text} is a function that takes an argument, and square brackets stand where a call is meant. The edit writes round ones.",
                edits=[(module, Edit(opening, opening + 1, "(")), (module, Edit(end - 1, end, ")"))],
                prior=0.95,
            )


def _always_true(context: Context) -> Iterator[Idea]:
    """A test of a method's name, which is always true, in a function of the failing frames."""
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return
        scope: ast.AST = function_at(here) or here.module.tree
        for called in _functions_called(here, scope):
            for node in ast.walk(called.node):
                test = node.test if isinstance(node, ast.If | ast.While | ast.IfExp) else None
                tests = test.values if isinstance(test, ast.BoolOp) else [test]
                for part in tests:
                    inner = part.operand if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not) else part
                    if isinstance(inner, ast.Attribute | ast.Name) and _is_method(context, called.module, inner):
                        end = called.module.span(inner)[1]
                        text = short(called.module.segment(inner))
                        yield Idea(
                            title=f"call {text}() in the test",
                            why=f"`{text}` names a method in a test and does not call it, so that the test always holds. The edit calls it.",
                            edits=[(called.module, Edit(end, end, "()"))],
                            prior=0.86,
                        )
                        return
        here = here.outer()


def _functions_called(context: Context, scope: ast.AST) -> list[Function]:
    """Return the functions of the project that a scope is or calls by their names."""
    names = {last_name(node.func) for node in ast.walk(scope) if isinstance(node, ast.Call)}
    found = [item for item in index(context.module).functions if item.node is scope]
    for name in sorted(names):
        found += [
            item for module in context.project.containing(f"def {name}") for item in index(module).functions if item.name == name and not is_test(module.rel)
        ]
    return found[:24]


def _is_method(context: Context, module: Module, node: ast.Attribute | ast.Name) -> bool:
    functions = meant(context, module, node) if isinstance(node, ast.Attribute) else []
    if not functions or {"property", "cached_property"} & set(functions[0].decorators):
        return False
    return not any(parameter.required for parameter in of_function(functions[0]).parameters)


def _no_setter(context: Context, name: str) -> Iterator[Idea]:
    """`self.name = name` beside a property `name` that reads `self._name`: the value belongs there."""
    found = [
        node
        for node in context.nodes(lambda item: isinstance(item, ast.Assign | ast.AnnAssign | ast.AugAssign))
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
    ]
    for node in found:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and (not name or target.attr == name)):
                continue
            owner = context.module.owner(node)
            item = next((one for one in index(context.module).classes if one.node is owner), None)
            method = members(context.project, item).methods.get(target.attr) if item is not None else None
            if item is None or method is None or target.value.id != "self":
                continue
            reads = {
                inner.attr
                for inner in ast.walk(method.node)
                if isinstance(inner, ast.Attribute)
                and isinstance(inner.value, ast.Name)
                and inner.value.id == "self"
                and inner.attr.strip("_") == target.attr.strip("_")
            }
            reads.discard(target.attr)
            if len(reads) == 1:
                new = reads.pop()
                end = context.module.span(target)[1]
                yield Idea(
                    title=f"keep the value in self.{new}, which {target.attr} reads",
                    why=f"{target.attr} is a property of {item.name} that reads self.{new} and cannot be set. The edit sets self.{new}.",
                    edits=[(context.module, Edit(end - len(target.attr), end, new))],
                    prior=0.93,
                )
                return
