"""Attribute access that comes back to itself: properties that return themselves, `__setattr__`, `__getattr__`, `__getattribute__`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.construction import initialiser
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, last_name, members
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.names import closest, words
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.recursion.recursive import Link, is_name, is_own

_GETTERS = frozenset(["property", "cached_property", "getter", "abstractproperty"])


def access_ideas(context: Context, link: Link) -> Iterator[Idea]:
    """Yield the repairs of a link that is a property's function or one of the methods that Python calls for attributes."""
    item, function = link.owner, link.function
    if item is None:
        return
    decorators = [last_name(node.func if isinstance(node, ast.Call) else node) for node in function.decorator_list]
    if _GETTERS & set(decorators):
        yield from _getter(context, link, item)
    elif "setter" in decorators or "deleter" in decorators:
        yield from _setter(context, link, item)
    elif function.name == "__setattr__":
        yield from _set_attribute(link)
    elif function.name == "__delattr__":
        yield from _delete_attribute(link)
    elif function.name == "__getattribute__":
        yield from _get_attribute(link)
    elif function.name == "__getattr__":
        yield from _missing_attribute(context, link, item)


def _own_reads(function: FunctionNode, me: str, attribute: str, kind: type[ast.expr_context]) -> list[ast.Attribute]:
    return [node for node in own_nodes(function) if isinstance(node, ast.Attribute) and is_own(node, me, attribute) and isinstance(node.ctx, kind)]


def _accessors(item: Class, name: str) -> list[FunctionNode]:
    """Return all functions of a property: the getter, and what is written below it as `@name.setter`."""
    return [node for node in item.node.body if isinstance(node, FUNCTIONS) and node.name == name and node.decorator_list and node.args.args]


def _getter(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    name, module = link.function.name, link.module
    reads = _own_reads(link.function, link.me, name, ast.Load)
    if not reads or not any(node in reads for node in link.at_line()):
        return
    inherited = [found.methods[name] for base in item.bases for found in _inherited(context, item, base) if name in found.methods]
    stored = _storage(context, item, name)
    if inherited and not stored:
        yield Idea(
            title=f"read {name} of the base: super().{name}",
            why=f"The property {name} of {item.name} reads self.{name}, which is itself. The base has {name} too. The edit reads that one.",
            edits=[(module, Edit(*module.span(node.value), "super()")) for node in reads],
            prior=0.92,
        )
        return
    new = stored or f"_{name}"
    setters = [node for node in _accessors(item, name) if node is not link.function]
    if not stored and not any(_own_reads(node, node.args.args[0].arg, name, ast.Store) for node in setters):
        context.refuse(f"The property {name} of {item.name} returns itself, and nothing in the class keeps its value.")
        return
    edits = [_renamed(module, node, new) for node in reads]
    if not stored:
        edits += [_renamed(module, node, new) for other in setters for node in _all_uses(other, name)]
    yield Idea(
        title=f"return self.{new} from the property {name}",
        why=f"The property {name} of {item.name} reads self.{name}, which runs the property again without end. "
        f"{'The class keeps the value as ' + new if stored else 'The setter stores it in the same way'}. The edit reads self.{new}.",
        edits=[(module, edit) for edit in edits],
        prior=0.95 if stored else 0.86,
        alternatives=("A higher limit of the recursion: it would be reached as well.",),
    )


def _inherited(context: Context, item: Class, base: str) -> list[Class]:
    return [found for found in find_classes(context.project, base, item.module) if found.node is not item.node][:1]


def _all_uses(function: FunctionNode, name: str) -> list[ast.Attribute]:
    me = function.args.args[0].arg
    return [node for node in own_nodes(function) if isinstance(node, ast.Attribute) and is_own(node, me, name)]


def _renamed(module: Module, node: ast.Attribute, new: str) -> Edit:
    end = module.span(node)[1]
    return Edit(end - len(node.attr), end, new)


def _storage(context: Context, item: Class, name: str) -> str:
    """Return the attribute that keeps a property's value, "" where none is shown."""
    known = [one for one in members(context.project, item).attributes if one != name]
    for other in _accessors(item, name):
        me = other.args.args[0].arg
        stored = [node.attr for node in own_nodes(other) if isinstance(node, ast.Attribute) and is_own(node, me) and isinstance(node.ctx, ast.Store)]
        read = [node.attr for node in own_nodes(other) if isinstance(node, ast.Attribute) and is_own(node, me) and node.attr.startswith("_")]
        plain = [one for one in (*stored, *read) if one != name and one.strip("_") == name]
        if plain:
            return plain[0]
        if "setter" in [last_name(node) for node in other.decorator_list] and len(set(stored) - {name}) == 1:
            return next(iter(set(stored) - {name}))
    exact = [one for one in (f"_{name}", f"__{name}", f"{name}_", f"_{name}_") if one in known]
    if exact:
        return exact[0]
    maker = initialiser(item)
    if maker is not None:
        me = maker.args.args[0].arg
        kept = [
            node.targets[0].attr
            for node in own_nodes(maker)
            if isinstance(node, ast.Assign) and is_own(node.targets[0], me) and is_name(node.value, name) and isinstance(node.targets[0], ast.Attribute)
        ]
        if len(kept) == 1 and kept[0] != name:
            return kept[0]
    private = [one for one in known if one.startswith("_")]
    alike = closest(name, private, 0.75) or [(1.0, one) for one in private if set(words(name)) <= set(words(one))]
    return alike[0][1] if len(alike) == 1 else ""


def _setter(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    name, module = link.function.name, link.module
    uses = [node for node in _all_uses(link.function, name) if isinstance(node.ctx, ast.Store | ast.Del)]
    if not uses or not any(node in uses for node in link.at_line()):
        return
    getter = next((node for node in _accessors(item, name) if _GETTERS & {last_name(one) for one in node.decorator_list}), None)
    read = [node.attr for node in own_nodes(getter) if isinstance(node, ast.Attribute) and is_own(node, getter.args.args[0].arg)] if getter else []
    private = [one for one in dict.fromkeys(read) if one.startswith("_")]
    exact = [one for one in dict.fromkeys(read) if one.strip("_") == name and one != name]
    new = exact[0] if exact else private[0] if len(private) == 1 else ""
    if not new and getter is not None and len(set(read) - {name}) == 1 and not set(read) & set(item.methods):
        new = next(iter(set(read) - {name}))
    edits = [_renamed(module, node, new or f"_{name}") for node in _all_uses(link.function, name)]
    if not new and getter is not None:
        if name not in read:
            context.refuse(f"The setter of {name} sets itself, and the property does not show where its value is kept.")
            return
        edits += [_renamed(module, node, f"_{name}") for node in _all_uses(getter, name)]
    word, whose = ("set", "setter") if isinstance(uses[0].ctx, ast.Store) else ("delete", "deleter")
    yield Idea(
        title=f"{word} self.{new or '_' + name} in the {whose} of {name}",
        why=f"The {whose} of {name} {word}s self.{name}, which runs it again without end. "
        f"{'The property reads ' + new if new else 'The property reads itself as well'}. The edit uses self.{new or '_' + name}.",
        edits=[(module, edit) for edit in edits],
        prior=0.95 if new else 0.9,
    )


def _set_attribute(link: Link) -> Iterator[Idea]:
    """`__setattr__` that assigns to its own object: the value is stored through the base."""
    module, me = link.module, link.me
    given = [item.arg for item in link.function.args.args[1:3]]
    if len(given) < 2:
        return
    edits: list[Edit] = []
    for node in link.at_line():
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and is_own(node.targets[0], me):
            target = node.targets[0]
            assert isinstance(target, ast.Attribute)
            key = target.attr if target.attr == given[0] else f'"{target.attr}"'
            edits.append(Edit(*module.span(node), f"super().__setattr__({key}, {module.segment(node.value)})"))
        elif isinstance(node, ast.AugAssign) and is_own(node.target, me):
            assert isinstance(node.target, ast.Attribute)
            text = module.segment(node)
            operator = text[len(module.segment(node.target)) :].lstrip().split("=")[0].strip()
            value = f"{me}.{node.target.attr} {operator} {module.segment(node.value)}"
            edits.append(Edit(*module.span(node), f'super().__setattr__("{node.target.attr}", {value})'))
        elif isinstance(node, ast.Call) and is_name(node.func, "setattr") and len(node.args) == 3 and is_name(node.args[0], me):
            edits.append(Edit(*module.span(node), f"super().__setattr__({module.segment(node.args[1])}, {module.segment(node.args[2])})"))
        elif isinstance(node, ast.Call) and is_own(node.func, me, "__setattr__"):
            assert isinstance(node.func, ast.Attribute)
            edits.append(Edit(*module.span(node.func.value), "super()"))
    if edits:
        yield Idea(
            title="store the value with super().__setattr__()",
            why="__setattr__() assigns to its own object, which calls __setattr__() again without end. The edit stores the value through the base, "
            "which calls nothing back.",
            edits=[(module, edit) for edit in edits],
            prior=0.95,
            alternatives=("Writing into __dict__: it would pass by properties and slots.",),
        )


def _delete_attribute(link: Link) -> Iterator[Idea]:
    module, me = link.module, link.me
    edits: list[Edit] = []
    for node in link.at_line():
        if isinstance(node, ast.Call) and is_name(node.func, "delattr") and len(node.args) == 2 and is_name(node.args[0], me):
            edits.append(Edit(*module.span(node), f"super().__delattr__({module.segment(node.args[1])})"))
        elif isinstance(node, ast.Delete) and len(node.targets) == 1 and is_own(node.targets[0], me):
            assert isinstance(node.targets[0], ast.Attribute)
            given = link.function.args.args[1].arg if len(link.function.args.args) > 1 else ""
            key = node.targets[0].attr
            edits.append(Edit(*module.span(node), f"super().__delattr__({key if key == given else repr(key)})"))
    if edits:
        yield Idea(
            title="delete the attribute with super().__delattr__()",
            why="__delattr__() deletes from its own object, which calls __delattr__() again without end. The edit deletes it through the base.",
            edits=[(module, edit) for edit in edits],
            prior=0.94,
        )


def _get_attribute(link: Link) -> Iterator[Idea]:
    """`__getattribute__` that reads from its own object: the read goes through the base."""
    module, me = link.module, link.me
    given = link.function.args.args[1].arg if len(link.function.args.args) > 1 else "name"
    edits: list[Edit] = []
    for node in own_nodes(link.function):
        if isinstance(node, ast.Subscript) and is_own(node.value, me, "__dict__") and is_name(node.slice, given):
            edits.append(Edit(*module.span(node), f"super().__getattribute__({given})"))
        elif isinstance(node, ast.Call) and is_name(node.func, "getattr") and node.args and is_name(node.args[0], me) and len(node.args) == 2:
            edits.append(Edit(*module.span(node), f"super().__getattribute__({module.segment(node.args[1])})"))
        elif isinstance(node, ast.Attribute) and is_own(node, me) and isinstance(node.ctx, ast.Load) and not _is_in_item(module, node, given):
            edits.append(Edit(*module.span(node), f'super().__getattribute__("{node.attr}")'))
    if edits:
        yield Idea(
            title="read the attributes with super().__getattribute__()",
            why="__getattribute__() reads from its own object, and every such read calls it again without end. The edit reads through the base, "
            "which calls nothing back.",
            edits=[(module, edit) for edit in edits],
            prior=0.92,
            alternatives=("__getattr__(), which is called only for what is missing: it would see fewer reads.",),
        )


def _is_in_item(module: Module, node: ast.Attribute, given: str) -> bool:
    parent = module.parents.get(node)
    return node.attr == "__dict__" and isinstance(parent, ast.Subscript) and is_name(parent.slice, given)


def _missing_attribute(context: Context, link: Link, item: Class) -> Iterator[Idea]:
    """`__getattr__` that reads what its object does not have: it is called again for it, without end."""
    module, me = link.module, link.me
    given = link.function.args.args[1].arg if len(link.function.args.args) > 1 else "name"
    calls = [node for node in link.at_line() if isinstance(node, ast.Call) and is_name(node.func, "getattr") and node.args and is_name(node.args[0], me)]
    if calls:
        yield from _delegated(link, item, calls[0])
        return
    reads = [node for node in link.at_line() if isinstance(node, ast.Attribute) and is_own(node, me) and isinstance(node.ctx, ast.Load)]
    if not reads:
        return
    known = members(context.project, item)
    attribute = next((node.attr for node in reads if node.attr not in known.methods), reads[0].attr)
    if attribute not in known.attributes:
        ranked = closest(attribute, known.attributes, 0.75)
        if ranked:
            yield Idea(
                title=f"read self.{ranked[0][1]} in __getattr__(), where self.{attribute} was meant",
                why=f"__getattr__() is called for what an object does not have, and itself reads self.{attribute}, which no {item.name} has. "
                f"The closest that it has is {ranked[0][1]}.",
                edits=[
                    (module, _renamed(module, node, ranked[0][1]))
                    for node in own_nodes(link.function)
                    if isinstance(node, ast.Attribute) and is_own(node, me, attribute)
                ],
                prior=0.92,
            )
        else:
            context.refuse(f"__getattr__() of {item.name} reads self.{attribute}, which nothing sets.")
        return
    yield from _set_before(context, item, attribute)
    first = link.function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(link.function.body) > 1:
        first = link.function.body[1]
    indent = module.own_indent(first)
    if indent is None:
        return
    test = f'{given}.startswith("_")' if attribute.startswith("_") else f'{given} == "{attribute}"'
    at = module.span(first)[0]
    yield Idea(
        title=f"let __getattr__() say that there is no {attribute} yet",
        why=f"__getattr__() reads self.{attribute}, and was asked before the object had it, as when an object is copied or unpickled: then it calls itself "
        "without end. The edit makes it raise AttributeError for that name, as Python asks of it.",
        edits=[(module, Edit(at, at, f"if {test}:\n{indent}    raise AttributeError({given})\n{indent}"))],
        prior=0.8,
    )


def _set_before(context: Context, item: Class, attribute: str) -> Iterator[Idea]:
    """Where `__setattr__` reads the attribute that `__init__` sets first, that first value is stored through the base."""
    setter = members(context.project, item).methods.get("__setattr__")
    maker = members(context.project, item).methods.get("__init__")
    if setter is None or maker is None or not setter.node.args.args or not maker.node.args.args:
        return
    me = setter.node.args.args[0].arg
    if not any(is_own(node, me, attribute) for node in own_nodes(setter.node)):
        return
    own = maker.node.args.args[0].arg
    stores = [node for node in own_nodes(maker.node) if isinstance(node, ast.Assign) and len(node.targets) == 1 and is_own(node.targets[0], own, attribute)]
    if len(stores) != 1:
        return
    module = maker.module
    yield Idea(
        title=f"set {attribute} with super().__setattr__() in __init__()",
        why=f"__init__() sets {attribute}, which calls __setattr__(), which reads {attribute} before it is there, and so calls __getattr__() without end. "
        "The edit stores this first value through the base.",
        edits=[(module, Edit(*module.span(stores[0]), f'super().__setattr__("{attribute}", {module.segment(stores[0].value)})'))],
        prior=0.93,
    )


def _delegated(link: Link, item: Class, call: ast.Call) -> Iterator[Idea]:
    """`getattr(self, name)` in `__getattr__`: the object that is wrapped was meant."""
    maker = initialiser(item)
    if maker is None:
        return
    taken = {node.arg for node in maker.args.args[1:]}
    me = maker.args.args[0].arg
    kept = [
        node.targets[0].attr
        for node in own_nodes(maker)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Attribute)
        and is_own(node.targets[0], me)
        and isinstance(node.value, ast.Name)
        and node.value.id in taken
    ]
    for name in kept[:2]:
        yield Idea(
            title=f"ask self.{name} for what the object itself does not have",
            why=f"__getattr__() asks its own object for the attribute that it is called for, without end. {item.name} wraps {name}. The edit asks that one.",
            edits=[(link.module, Edit(*link.module.span(call.args[0]), f"{link.me}.{name}"))],
            prior=0.92 if len(kept) == 1 else 0.6,
        )
