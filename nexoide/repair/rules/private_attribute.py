"""AttributeError on a name with two leading underscores, read outside the class that it belongs to."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, members
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, in_own_code, missing_attribute


class PrivateAttribute:
    """Reads it in the way that its class shows it, or by the name that Python gives it."""

    name = "private-attribute"
    summary = "Reads an attribute with two leading underscores through its accessor, or by its full name, where it belongs to another class."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="read-in-a-subclass",
            files={
                "main.py": "class Account:\n    def __init__(self):\n        self.__balance = 5\n\n    @property\n    def balance(self):\n"
                "        return self.__balance\n\n\nclass Savings(Account):\n    def interest(self):\n        return self.__balance * 2\n\n\n"
                "print(Savings().interest())\n"
            },
            prints="10\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object lacks an attribute whose name has two underscores together."""
        missing = missing_attribute(raised)
        return missing is not None and missing.kind == "instance" and "__" in missing.attribute and not missing.attribute.endswith("__")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the way to the attribute."""
        missing = missing_attribute(context.raised)
        mangled = _mangled(context, missing) if missing is not None and in_own_code(context) else None
        if mangled is None:
            return
        node, owner = mangled
        module, plain = context.module, node.attr.lstrip("_")
        known = members(context.project, owner)
        accessor = known.methods.get(plain) or known.methods.get(f"get_{plain}")
        end = module.span(node)[1]
        if accessor is not None and not isinstance(node.ctx, ast.Store):
            text = accessor.name if "property" in accessor.decorators else f"{accessor.name}()"
            why, prior = f"{owner.name} shows it as {text}", 0.86
        else:
            text = f"_{owner.name.lstrip('_')}{node.attr}"
            why, prior = f"outside {owner.name} its name is {text}", 0.62
        around: ast.AST = module.owner(node) or module.function(node) or module.tree
        uses = [item for item in ast.walk(around) if isinstance(item, ast.Attribute) and item.attr == node.attr]
        edits = [(module, Edit(module.span(use)[1] - len(node.attr), module.span(use)[1], text)) for use in uses] or [
            (module, Edit(end - len(node.attr), end, text))
        ]
        proposal = context.propose(
            rule=self.name,
            title=f"read {text} where {node.attr} of {owner.name} was meant",
            rationale=(
                f"Python renames {node.attr}, with its two leading underscores, by the class that it stands in, and it belongs to {owner.name}: {why}. "
                "The edit changes the uses here. The class stays as it is."
            ),
            edits=edits,
            prior=prior,
            nature="call",
            alternatives=("One underscore in the class: every other use of it would have to change too.",),
        )
        if proposal is not None:
            yield proposal


def _mangled(context: Context, missing: MissingAttribute) -> tuple[ast.Attribute, Class] | None:
    """Return the access and the class that owns the name where a name with two leading underscores was read outside its class."""
    plain = missing.attribute
    if plain.startswith("_") and "__" in plain[1:] and not plain.startswith("__"):
        plain = plain[plain.index("__", 1) :]
    if not plain.startswith("__") or plain.endswith("__") or missing.kind != "instance":
        return None
    found = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == plain)
    nodes = [node for node in found if isinstance(node, ast.Attribute)]
    stack, seen = list(find_classes(context.project, missing.owner, context.module)[:1]), 0
    while stack and seen < 8 and nodes:
        item, seen = stack.pop(), seen + 1
        around = context.module.owner(nodes[0])
        if plain in item.attributes and not (around is not None and around is item.node):
            return nodes[0], item
        stack += [base for name in item.bases for base in find_classes(context.project, name, item.module)[:1]]
    return None
