"""AttributeError where another object at hand has the attribute: the item of the loop, the instance, the part, the result of a call."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import view_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, members
from nexoide.repair.code.infer import infer
from nexoide.repair.code.names import closest, is_tie, similarity
from nexoide.repair.code.other_ways import as_function, as_length, inner_names, known_class, of_the_item
from nexoide.repair.code.scope import visible
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.ideas import offer
from nexoide.repair.proposal import Nature, Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, failing_access, in_own_code, missing_attribute

_PLAIN = frozenset(["str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "NoneType", "module", "function", "type", "method"])


class OtherObject:
    """Reads the attribute of the object that has it."""

    name = "other-object"
    summary = "Reads an attribute of the object at hand that has it: the item and not the list, the instance and not the class, a part."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="list-for-its-item",
            files={
                "main.py": "class Order:\n    def __init__(self, price):\n        self.price = price\n\n\ndef total(orders):\n    found = 0\n"
                "    for order in orders:\n        found += orders.price\n    return found\n\n\nprint(total([Order(2), Order(3)]))\n"
            },
            prints="5\n",
        ),
        Example(
            name="part-of-the-object",
            files={
                "main.py": "class Customer:\n    def __init__(self, email):\n        self.email = email\n\n\n"
                "class Order:\n    def __init__(self, customer: Customer):\n        self.customer = customer\n\n\n"
                "def receipt(order):\n    return 'to ' + order.email\n\n\nprint(receipt(Order(Customer('a@b'))))\n"
            },
            prints="to a@b\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object or a class lacks an attribute."""
        missing = missing_attribute(raised)
        return missing is not None and missing.kind != "module"

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the object that has the attribute, the surest way to say it first."""
        missing = missing_attribute(context.raised)
        if missing is None or not in_own_code(context):
            return
        node = failing_access(context, missing)
        if node is None:
            return
        if missing.kind == "type":
            yield from self._instance(context, missing, node)
        else:
            yield from self._turn(context, missing, node)
            yield from offer(context, self.name, of_the_item(context, missing, node))
            yield from self._variable(context, missing, node)
            yield from offer(context, self.name, as_length(context, missing, node))
            yield from self._base(context, missing, node)
            yield from self._part(context, missing, node)
            yield from offer(context, self.name, as_function(context, missing, node))

    def _turn(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the loop's own name where the thing that is gone through was read in its place."""
        module = context.module
        wanted = ast.dump(node.value)
        for item in module.ancestors(node):
            turns = item.generators if isinstance(item, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) else [item]
            for turn in turns:
                if not isinstance(turn, ast.For | ast.AsyncFor | ast.comprehension) or not isinstance(turn.target, ast.Name) or ast.dump(turn.iter) != wanted:
                    continue
                if any(part is node for part in ast.walk(turn.iter)):
                    continue
                body: list[ast.AST] = list(turn.body) if isinstance(turn, ast.For | ast.AsyncFor) else [item]
                uses = [
                    use
                    for part in body
                    for use in ast.walk(part)
                    if isinstance(use, ast.Attribute) and use.attr == missing.attribute and ast.dump(use.value) == wanted
                ]
                view = view_of(context, turn.target)
                sure = view is not None and missing.attribute in view.attributes
                yield from self._made(
                    context,
                    title=f"read .{missing.attribute} of {turn.target.id}, the item of this turn",
                    rationale=(
                        f"{module.segment(node.value)} is what the loop goes through and has no {missing.attribute}; "
                        f"{turn.target.id} is the item of each turn{', and has it' if sure else ''}. The edit reads it of the item."
                    ),
                    edits=[(module, Edit(*module.span(use.value), turn.target.id)) for use in uses],
                    prior=0.9 if sure else 0.7,
                )
                return

    def _variable(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the one other variable that has the attribute."""
        if not isinstance(node.value, ast.Name):
            return
        old = node.value.id
        seen = visible(context.module, node, node.lineno)
        having = []
        for name in seen:
            view = context.frame.locals.get(name)
            if name != old and view is not None and missing.attribute in view.attributes and view.type.rsplit(".", 1)[-1] not in _PLAIN:
                having.append(name)
        if "self" in having and old != "self" and len(having) > 1:
            having.remove("self")
        alike = [name for name in having if similarity(name, old) >= 0.6 or name.rstrip("s") == old.rstrip("s")]
        best = alike if len(alike) == 1 else having
        if len(best) != 1 or (old == "self" and missing.owner not in _PLAIN):
            return
        yield from self._made(
            context,
            title=f"read .{missing.attribute} of {best[0]}, which has it",
            rationale=(
                f"{old} was a {missing.owner}, which has no {missing.attribute}. Of the variables at hand, {best[0]} alone has it. "
                "The edit reads it of that one, in this place."
            ),
            edits=[(context.module, Edit(*context.module.span(node.value), best[0]))],
            prior=0.74 if alike else 0.56 if missing.owner in _PLAIN else 0.42,
        )

    def _base(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the method of the base that a call through super() means."""
        owner = context.module.owner(node)
        if missing.owner != "super" or owner is None:
            return
        names: set[str] = set()
        for base in owner.bases:
            text = context.module.segment(base)
            for item in find_classes(context.project, text, context.module)[:1]:
                names |= set(members(context.project, item).methods)
        ranked = closest(missing.attribute, names)
        if not ranked or is_tie(ranked):
            return
        end = context.module.span(node)[1]
        yield from self._made(
            context,
            title=f"call {ranked[0][1]}() of the base, where {missing.attribute} was meant",
            rationale=f"No base of {owner.name} has {missing.attribute}; the closest method is {ranked[0][1]}. The edit calls that one.",
            edits=[(context.module, Edit(end - len(missing.attribute), end, ranked[0][1]))],
            prior=0.86,
        )

    def _part(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the way through the one part of the object that has the attribute."""
        known = known_class(context, missing)
        if known is None:
            return
        parts = [name for name in members(context.project, known).attributes if missing.attribute in _names_of_part(context, known, name)]
        if len(parts) != 1 or (parts[0].startswith("_") and not (isinstance(node.value, ast.Name) and node.value.id == "self")):
            return
        module = context.module
        function: ast.AST = module.function(node) or module.tree
        receiver = ast.dump(node.value)
        uses = [item for item in ast.walk(function) if isinstance(item, ast.Attribute) and item.attr == missing.attribute and ast.dump(item.value) == receiver]
        yield from self._made(
            context,
            title=f"read .{parts[0]}.{missing.attribute}: the {parts[0]} of a {known.name} has it",
            rationale=(
                f"{known.name} has no {missing.attribute}; of its parts, {parts[0]} alone has it. "
                f"The edit goes through {parts[0]} in {'all ' + str(len(uses)) + ' places' if len(uses) > 1 else 'the one place'} of this function."
            ),
            edits=[(module, Edit(module.span(use.value)[1], module.span(use.value)[1], f".{parts[0]}")) for use in uses],
            prior=0.55 if isinstance(module.parents.get(node), ast.Call) else 0.72,
        )

    def _instance(self, context: Context, missing: MissingAttribute, node: ast.Attribute) -> Iterator[Proposal]:
        """Yield the instance where its class was read."""
        if not isinstance(node.value, ast.Name):
            return
        module, name = context.module, missing.owner.rsplit(".", 1)[-1]
        function = module.function(node)
        around = module.owner(node)
        classes = find_classes(context.project, name, module)
        known = members(context.project, classes[0]) if len(classes) == 1 else None
        if known is None or missing.attribute not in known.names:
            return
        me = function.args.args[0].arg if function is not None and function.args.args else ""
        if around is not None and around.name == name and me == "self":
            instance, prior = "self", 0.82
        else:
            seen = list(dict.fromkeys([*inner_names(module, node), *visible(module, node, node.lineno)]))
            held = [item for item in seen if (view := context.frame.locals.get(item)) is not None and view.type == name]
            held = held or [item for item in seen if item != node.value.id and similarity(item.lower(), name.lower()) > 0.9]
            if len(held) != 1:
                context.refuse(f"{missing.attribute} is kept by each {name}, and nothing says which one is meant.")
                return
            instance, prior = held[0], 0.85
        yield from self._made(
            context,
            title=f"read .{missing.attribute} of {instance}, and not of the class {name}",
            rationale=f"{missing.attribute} is kept by each {name}, not by the class; {instance} is one. The edit reads it of {instance}.",
            edits=[(module, Edit(*module.span(node.value), instance))],
            prior=prior,
        )

    def _made(
        self, context: Context, *, title: str, rationale: str, edits: list[tuple[Module, Edit]], prior: float, nature: Nature = "call"
    ) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title[:110],
            rationale=rationale,
            edits=edits,
            prior=prior,
            nature=nature,
            alternatives=("A new attribute of that name: another object at hand has it already.",),
        )
        if proposal is not None:
            yield proposal


def _names_of_part(context: Context, owner: Class, attribute: str) -> set[str]:
    """Return the names that the class of one of an object's attributes has."""
    held = members(context.project, owner).attributes[attribute]
    names: set[str] = set()
    if held.value is not None:
        names = infer(context.project, owner.module, held.value)
    if not names and held.annotation:
        names = {held.annotation.split("[")[0].split("|")[0].strip(" \"'").rsplit(".", 1)[-1]}
    return {member for name in names for item in find_classes(context.project, name, owner.module)[:1] for member in members(context.project, item).names}
