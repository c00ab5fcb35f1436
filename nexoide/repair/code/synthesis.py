"""A missing method written out, only where its body is beyond doubt: an accessor, a sibling's method, an inverse, a delegate."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, Function, find_classes, members
from nexoide.repair.code.infer import infer
from nexoide.repair.code.project import is_test
from nexoide.repair.code.shapes import classes_with
from nexoide.repair.code.signatures import bind, is_transparent, of_function
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal

_INVERSES = {
    frozenset(pair.split())
    for pair in [
        "reserve release",
        "deposit withdraw",
        "increment decrement",
        "inc dec",
        "credit debit",
        "acquire release",
        "push_count pop_count",
        "hold release",
        "enter leave",
        "join leave",
    ]
}


def synthesise(context: Context, rule: str, item: Class, name: str, node: ast.Attribute) -> Iterator[Proposal]:
    """Yield at most one proposal of each kind; a method that exists elsewhere is preferred to one that is made up."""
    call = context.module.parents.get(node)
    if not isinstance(call, ast.Call) or is_test(item.module.rel):
        return
    context.thoughts.add("think", f"{item.name} has no {name} at all; looking for what its body must be")
    made = [
        found
        for found in (_accessor(context, rule, item, name, call), _sibling(context, rule, item, name, call), _inverse(context, rule, item, name, call))
        if found is not None
    ]
    if not made:
        delegate = _delegate(context, rule, item, name, call)
        made = [delegate] if delegate is not None else []
    yield from made


def _insertion(item: Class) -> tuple[int, str] | None:
    """Return where a new method goes (the end of the class's last line) and its indentation."""
    module = item.module
    indent = module.own_indent(item.node.body[0])
    last = item.node.body[-1].end_lineno
    if not indent or last is None:
        return None
    return module.line_start(last) + len(module.lines[last - 1]), indent


def _method(
    context: Context, item: Class, lines: list[str], *, rule: str, title: str, rationale: str, prior: float, cautions: tuple[str, ...] = ()
) -> Proposal | None:
    place = _insertion(item)
    if place is None:
        return None
    at, indent = place
    text = "\n\n" + "\n".join(indent + line if line else "" for line in lines)
    return context.propose(rule=rule, title=title, rationale=rationale, edits=[(item.module, Edit(at, at, text))], prior=prior, cautions=cautions)


def _accessor(context: Context, rule: str, item: Class, name: str, call: ast.Call) -> Proposal | None:
    prefix, _, rest = name.partition("_")
    if prefix not in ("get", "is", "has") or not rest or call.args or call.keywords:
        return None
    known = members(context.project, item)
    found = [attribute for attribute in (rest, "_" + rest, name, "_" + name) if attribute in known.attributes]
    if len(found) != 1:
        return None
    attribute = known.attributes[found[0]]
    boolean = attribute.annotation == "bool" or (isinstance(attribute.value, ast.Constant) and isinstance(attribute.value.value, bool))
    if prefix != "get" and not boolean:
        return None
    returns = f" -> {attribute.annotation}" if attribute.annotation and item.module.rel else ""
    return _method(
        context,
        item,
        [f"def {name}(self){returns}:", f"    return self.{attribute.name}"],
        rule=rule,
        title=f"give {item.name} the accessor {name}()",
        rationale=(
            f"{name}() is called on {item.name}, which keeps the value in self.{attribute.name} and has no method of that name. "
            f"The edit adds the accessor, which returns self.{attribute.name}. It computes nothing and changes no caller."
        ),
        prior=0.8,
    )


def _sibling(context: Context, rule: str, item: Class, name: str, call: ast.Call) -> Proposal | None:
    known = members(context.project, item)
    fitting: dict[str, tuple[Class, Function]] = {}
    looked = 0
    for other in classes_with(context.project, name):
        method = other.methods.get(name)
        if method is None or other.name == item.name:
            continue
        looked += 1
        if set(method.decorators) - {"staticmethod", "classmethod"} or not bind(of_function(method), call).good:
            continue
        if _suits(item, set(known.names), method):
            fitting.setdefault(ast.dump(ast.Module(body=list(method.node.body), type_ignores=[])), (other, method))
    if looked:
        context.thoughts.add(
            "saw", f"{looked} other {'class has' if looked == 1 else 'classes have'} {name}(); {len(fitting)} of them would work on {item.name}"
        )
    if len(fitting) > 1:
        context.refuse(f"{len(fitting)} classes define {name}() differently, so its meaning for {item.name} is open.")
    if len(fitting) != 1:
        return None
    ((other, method),) = fitting.values()
    lines = _dedented(method)
    if lines is None:
        return None
    related = bool(set(item.bases) & set(other.bases) - {"object"})
    return _method(
        context,
        item,
        lines,
        rule=rule,
        title=f"give {item.name} the method {name}() that {other.name} has",
        rationale=(
            f"{name}() is called on {item.name}, which does not define it. {other.name} does, using only attributes that {item.name} has too. "
            f"The edit adds the same method to {item.name}. It changes no caller and leaves {other.name} as it is."
        ),
        prior=0.78 if related else 0.66,
        cautions=(f"{item.name}.{name}() now does what {other.name}.{name}() does; they are two copies.",),
    )


def _suits(item: Class, has: set[str], method: Function) -> bool:
    """Say whether a method's body means something in another class: its attributes of self are there, its names are known."""
    node = method.node
    if not node.args.args:
        return False
    first = node.args.args[0].arg
    used: set[str] = set()
    local = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    local |= {argument.arg for argument in (node.args.vararg, node.args.kwarg) if argument is not None}
    local |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == first:
            used.add(inner.attr)
        elif not isinstance(inner, ast.Name) or not isinstance(inner.ctx, ast.Load) or inner.id in local:
            continue
        elif inner.id == "super" or not _visible(item.module, method.module, inner.id):
            return False
    return bool(used) and used <= has


def _visible(module: Module, source: Module, name: str) -> bool:
    from nexoide.repair.code.index import index

    if module is source or hasattr(builtins, name):
        return True
    return name in index(module).globals and index(module).imports.get(name) == index(source).imports.get(name) is not None


def _dedented(method: Function) -> list[str] | None:
    """Return a method's lines (decorators included) without the class's indentation; None where a string spans lines."""
    module, node = method.module, method.node
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    lines = module.lines[first - 1 : node.end_lineno]
    indent = module.own_indent(node)
    if not indent or any(line.strip() and not line.startswith(indent) for line in lines):
        return None
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.lineno != inner.end_lineno and inner is not _docstring(node):
            return None
    return [line.removeprefix(indent) for line in lines]


def _docstring(node: FunctionNode) -> ast.expr | None:
    first = node.body[0]
    return first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str) else None


def _inverse(context: Context, rule: str, item: Class, name: str, call: ast.Call) -> Proposal | None:
    """Make `release` of a `reserve` whose whole body is one `+=` or `-=` (and back)."""
    for other, method in item.methods.items():
        if frozenset((other, name)) not in _INVERSES or not is_transparent(method) or not bind(of_function(method), call).good:
            continue
        body = [statement for statement in method.node.body if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.AugAssign) or not isinstance(body[0].op, ast.Add | ast.Sub):
            continue
        module, statement = item.module, body[0]
        old, new = ("+=", "-=") if isinstance(statement.op, ast.Add) else ("-=", "+=")
        head = module.text[module.span(method.node)[0] : module.span(method.node.body[0])[0]].split("\n")[0].strip()
        if not head.endswith(":") or f"def {other}(" not in head:
            continue
        return _method(
            context,
            item,
            [head.replace(f"def {other}(", f"def {name}(", 1), "    " + module.segment(statement).replace(old, new, 1)],
            rule=rule,
            title=f"give {item.name} {name}(), the inverse of {other}()",
            rationale=(
                f"{name}() is called on {item.name}, which has only {other}(), one `{old}`. "
                f"The edit adds {name}() with the same parameters and `{new}`. It adds no check that {other}() does not have."
            ),
            prior=0.6,
            cautions=(f"That {name}() undoes {other}() is read from their names.",),
        )
    return None


def _delegate(context: Context, rule: str, item: Class, name: str, call: ast.Call) -> Proposal | None:
    """Make a method that calls the one part of the object that has it."""
    known = members(context.project, item)
    found: list[tuple[str, Function]] = []
    for attribute in known.attributes.values():
        classes = _attribute_classes(context, item, attribute.name)
        for owner in classes:
            method = members(context.project, owner).methods.get(name)
            if method is not None and is_transparent(method) and not method.decorators and bind(of_function(method), call).good:
                found.append((attribute.name, method))
    if len(found) > 1:
        context.refuse(f"{len(found)} parts of {item.name} have {name}(), and nothing says which one is meant.")
    if len(found) != 1:
        return None
    part, method = found[0]
    node = method.node
    parameters = _plain_parameters(node.args)
    if parameters is None:
        return None
    given = ", ".join([*(argument.arg for argument in node.args.args[1:]), *(f"{argument.arg}={argument.arg}" for argument in node.args.kwonlyargs)])
    header = f"{'async ' if method.is_async else ''}def {name}({parameters}):"
    return _method(
        context,
        item,
        [header, f"    return {'await ' if method.is_async else ''}self.{part}.{name}({given})"],
        rule=rule,
        title=f"let {item.name}.{name}() call {part}.{name}()",
        rationale=(
            f"{name}() is called on {item.name}, which does not define it; of its parts only self.{part} has it, and the arguments fit. "
            f"The edit adds a method that passes the call on. It adds no behaviour of its own."
        ),
        prior=0.6,
        cautions=(f"{item.name} now shows {name}() of its part {part} to every caller.",),
    )


def _plain_parameters(arguments: ast.arguments) -> str | None:
    """Return a parameter list without annotations, whose names another module may not know; None where it is not plain."""
    if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
        return None
    defaults: list[ast.expr | None] = [None] * (len(arguments.args) - len(arguments.defaults)) + list(arguments.defaults)
    parts: list[str] = []
    for item, default in (*zip(arguments.args, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
        if default is not None and not isinstance(default, ast.Constant):
            return None
        if arguments.kwonlyargs and item is arguments.kwonlyargs[0]:
            parts.append("*")
        parts.append(item.arg if default is None else f"{item.arg}={ast.unparse(default)}")
    return ", ".join(parts)


def _attribute_classes(context: Context, item: Class, attribute: str) -> list[Class]:
    for node in ast.walk(item.node):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == attribute
            and isinstance(node.value, ast.Name)
            and isinstance(item.module.function(node), FUNCTIONS)
        ):
            names = infer(context.project, item.module, node)
            return [found for name in sorted(names) for found in find_classes(context.project, name, item.module)[:1]]
    return []
