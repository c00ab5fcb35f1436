"""Why a value is None although the code computes one: a forgotten return or yield, a wrapper that loses it, a change in place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nexoide.repair.absent.inplace import in_place
from nexoide.repair.absent.returns import gives_nothing, missing_return
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Function, find_classes, find_functions, index, last_name, members
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.project import is_test
from nexoide.repair.code.provenance import Origin, called, provenance
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context

_KEEPING = frozenset(["staticmethod", "classmethod", "property", "abstractmethod", "wraps", "override", "cache", "lru_cache", "dataclass"])


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a value was lost: the edits that keep it, in words, and how sure it is that this was forgotten (0 to 1)."""

    module: Module
    edits: tuple[Edit, ...]
    title: str
    rationale: str
    sure: float
    cautions: tuple[str, ...] = ()


def causes(context: Context, node: ast.expr, attribute: str = "", *, element: bool = False) -> list[Cause]:
    """Return the places at which the value of `node` (or of an element of it) was computed and lost, the closest first."""
    found: list[Cause] = []
    parent = context.module.parents.get(node)
    function = called(context.project, context.module, parent) if isinstance(parent, ast.Call) and parent.func is node else None
    if function is not None and function.decorators:
        found += _decorated(context, function)
    found += _decorated_class(context, node)
    for origin in provenance(context, node, element=element):
        for cause in _of_origin(context, origin, attribute):
            if cause.edits not in [item.edits for item in found] and not is_test(cause.module.rel):
                found.append(cause)
    return found


def special_method(context: Context, name: str) -> list[Cause]:
    """Return the repairs of the project's `__str__`, `__iter__` and the like that return nothing, those of this line's objects first."""
    found = [
        cause
        for module in context.project.containing(f"def {name}")
        for item in index(module).functions
        if item.name == name and item.owner is not None and not is_test(module.rel)
        for cause in (*_printing(item), *_returning(context, item, "", 0))
    ]
    texts = {item.id for item in context.nodes(lambda node: isinstance(node, ast.Name)) if isinstance(item, ast.Name)}
    types = {view.type for text in texts if (view := context.frame.locals.get(text)) is not None}
    here = [cause for cause in found if any(f"{kind}.{name}" in cause.title for kind in types)]
    return here or found


def _of_origin(context: Context, origin: Origin, attribute: str) -> Iterator[Cause]:
    function = origin.function
    if function is None:
        changed = in_place(context, origin)
        if changed is not None:
            yield Cause(
                origin.module,
                changed.edits,
                f"do not use the None that {changed.call} gives",
                f"{changed.call} gives None: {'it prints and' if changed.call == 'print()' else 'it changes its object and'} returns nothing. "
                f"The edit {changed.what}. It changes no other line.",
                changed.sure,
            )
            return
        function = _constructor(context, origin)
        if function is None:
            return
    if origin.enters and any(isinstance(item, ast.Yield) for item in own_nodes(function.node)):
        yield from _yielding(function)
        return
    lost = list(_decorated(context, function))
    yield from lost or _returning(context, function, attribute, origin.steps)


def _constructor(context: Context, origin: Origin) -> Function | None:
    """Return the `__new__` of the project's class that is called, where it has one."""
    name = last_name(origin.node.func) if isinstance(origin.node, ast.Call) else ""
    found = find_classes(context.project, name, origin.module) if name[:1].isupper() else []
    return members(context.project, found[0]).methods.get("__new__") if len(found) == 1 else None


def _returning(context: Context, function: Function, attribute: str, steps: int) -> Iterator[Cause]:
    found = missing_return(context.project, function, attribute)
    if found is None:
        context.thoughts.add(
            "think", f"{function.qualname}() " + ("returns nothing on any path" if gives_nothing(function) else "returns a value on some paths only")
        )
        return
    context.thoughts.add("think", f"{function.qualname}() computes {found.what} and does not return it")
    many = f" at {len(found.edits)} ends" if len(found.edits) > 1 else ""
    yield Cause(
        function.module,
        found.edits,
        f"let {function.qualname}() return what it computes",
        f"{function.qualname}() gave None: it computes {found.what} and never returns it. "
        f"The edit returns that value{many}. It changes neither how it is computed nor the caller.",
        (0.55 if found.explicit_none else found.sure) - 0.01 * steps,
        (f"{function.qualname}() also returns None on purpose on another path, which may be what happened.",) if found.explicit_none else (),
    )


def _printing(function: Function) -> Iterator[Cause]:
    """`__str__` and its like that print their text instead of returning it."""
    last, module = function.node.body[-1], function.module
    if function.name not in ("__str__", "__repr__", "__format__") or not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        return
    call = last.value
    if last_name(call.func) == "print" and len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred):
        text = module.segment(call.args[0])
        edit = Edit(*module.span(call), f"return {text}") if "\n" not in text else Edit(*module.span(call.func), "return ")
        yield Cause(
            module,
            (edit,),
            f"let {function.qualname}() return its text instead of printing it",
            f"{function.qualname}() must return a text and prints it, so that it returns None. The edit returns the same text. It prints nothing any more.",
            0.94,
        )


def _yielding(function: Function) -> Iterator[Cause]:
    """A context manager whose `yield` gives nothing although it made one thing to give."""
    module, node = function.module, function.node
    yields = [item for item in own_nodes(node) if isinstance(item, ast.Yield)]
    if len(yields) != 1 or yields[0].value is not None:
        return
    before = [item for item in own_nodes(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store) and item.lineno < yields[0].lineno]
    names = list(dict.fromkeys(item.id for item in before))
    closed = [
        name for name in names if any(isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == name for item in ast.walk(node))
    ]
    wanted = names if len(names) == 1 else closed
    if len(wanted) == 1:
        yield Cause(
            module,
            (Edit(*module.span(yields[0]), f"yield {wanted[0]}"),),
            f"let {function.qualname}() yield {wanted[0]}",
            f"`with {function.name}(...) as ...` gave None: {function.qualname}() makes {wanted[0]} and yields nothing. "
            f"The edit yields {wanted[0]}. What it does before and after stays as it is.",
            0.92,
        )


def _decorated(context: Context, function: Function) -> Iterator[Cause]:
    """A decorator of the project that gives nothing, or whose wrapper loses what the function returns."""
    for name in function.decorators:
        if not name or name in _KEEPING:
            continue
        for maker in find_functions(context.project, name):
            if is_test(maker.module.rel) or maker.owner is not None:
                continue
            for layer in _layers(maker):
                kept = _registering(function.node, function.qualname, maker, layer)
                if kept is not None:
                    yield kept
                    continue
                found = missing_return(context.project, layer)
                if found is not None and (gives_nothing(layer) or layer is not maker):
                    yield Cause(
                        layer.module,
                        found.edits,
                        f"let {layer.qualname}() return {'the function that it makes' if found.what == _made_by(layer) else 'what the function returns'}",
                        f"{function.qualname}() is wrapped by @{name}, and {layer.name}() in it computes {found.what} and never returns it. "
                        f"The edit returns it, so that {function.qualname}() gives its own result. It does not change {function.qualname}() itself.",
                        0.92,
                    )


def _decorated_class(context: Context, node: ast.expr) -> Iterator[Cause]:
    """A class whose decorator, a function of the project, notes it down and does not give it back."""
    name = last_name(node) if isinstance(node, ast.Name | ast.Attribute) else ""
    source = index(context.module).imports.get(name)
    classes = find_classes(context.project, (source[1] if source is not None else "") or name, context.module) if name else []
    for decorator in classes[0].node.decorator_list if len(classes) == 1 else ():
        wanted = last_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
        for maker in find_functions(context.project, wanted) if wanted and wanted not in _KEEPING else ():
            if not is_test(maker.module.rel) and maker.owner is None:
                kept = (_registering(classes[0].node, classes[0].name, maker, layer) for layer in _layers(maker))
                yield from (item for item in kept if item is not None)


def _registering(decorated: FunctionNode | ast.ClassDef, label: str, maker: Function, layer: Function) -> Cause | None:
    """A decorator that notes what it decorates down somewhere, and does not give it back: its name then holds None."""
    node, module = layer.node, layer.module
    with_arguments = any(isinstance(item, ast.Call) and last_name(item.func) == maker.name for item in decorated.decorator_list)
    handed = layer is maker if not with_arguments else any(_gives(item, layer.name) for item in own_nodes(maker.node))
    given = [item.arg for item in (*node.args.posonlyargs, *node.args.args)]
    last = node.body[-1]
    indent = module.own_indent(last)
    inside = any(isinstance(item, (*FUNCTIONS, ast.ClassDef)) for item in node.body)
    if not handed or inside or len(given) != 1 or not gives_nothing(layer) or indent is None or isinstance(last, ast.Return | ast.Raise):
        return None
    if not any(isinstance(item, ast.Name) and item.id == given[0] and isinstance(item.ctx, ast.Load) for item in own_nodes(node)):
        return None
    end = module.line_start(last.end_lineno or last.lineno) + len(module.lines[(last.end_lineno or last.lineno) - 1])
    return Cause(
        module,
        (Edit(end, end, f"\n{indent}return {given[0]}"),),
        f"let {layer.qualname}() give back what it decorates",
        f"{label} is decorated with @{maker.name}, and {layer.name}() notes it down and returns nothing, so that the name "
        f"{decorated.name} holds None. The edit returns {given[0]} as it was given.",
        0.93,
    )


def _gives(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and node.value.id == name


def _made_by(layer: Function) -> str:
    return next((item.name for item in reversed(layer.node.body) if isinstance(item, FUNCTIONS)), "")


def _layers(maker: Function) -> list[Function]:
    """Return a decorator's function and those inside it, the outermost first."""
    inside = [item for item in index(maker.module).functions if item.qualname.startswith(maker.qualname + ".<locals>.") and item.owner is None]
    return [maker, *inside]
