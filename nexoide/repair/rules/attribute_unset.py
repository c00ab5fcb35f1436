"""AttributeError of an attribute that the class does set, but not on this way: forgotten self, other order, other method, other spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import set_by
from nexoide.repair.code.construction import add_first, by_use, calls_super, has_flag, initialiser, neutral, slots_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, members
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.reorder import reordered
from nexoide.repair.code.scope import parameters
from nexoide.repair.code.setters import calling_setter
from nexoide.repair.code.source import FUNCTIONS, FunctionNode
from nexoide.repair.context import Context
from nexoide.repair.ideas import offer
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, MissingAttribute, missing_attribute

_NO_DICT = re.compile(r"'([^']+)' object has no attribute '(\w+)'")


class AttributeUnset:
    """Sets the attribute when the object is made, in the way that the class itself shows."""

    name = "attribute-unset"
    summary = "Sets an attribute where an object is made: a forgotten self, a parameter not kept, a wrong order, a first value that uses show."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="forgotten-self",
            files={
                "main.py": "class Cart:\n    def __init__(self):\n        items = []\n\n    def add(self, item):\n        self.items.append(item)\n"
                "        return len(self.items)\n\n\nprint(Cart().add('tea'))\n"
            },
            prints="1\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object lacks an attribute."""
        return raised.type == "AttributeError" and _NO_DICT.match(raised.message) is not None and "NoneType" not in raised.message[:12]

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the one edit that sets the attribute when the object is made."""
        match = _NO_DICT.match(context.raised.message)
        if match is None or not context.is_raising:
            return
        missing = missing_attribute(context.raised) or MissingAttribute("instance", match[1], match[2])
        item = _class(context, missing)
        if item is None or any(name in item.methods for name in ("__getattr__", "__getattribute__")):
            return
        attribute = missing.attribute
        if attribute in item.methods:
            return
        if slots_of(item) is not None or (item.has_fields and has_flag(item, "slots")):
            return  # the other rule's case
        if _stores(context, attribute):
            return
        steps = (self._spelling, self._own_name, self._order, self._branch, self._first_value)
        for step in steps:
            found = list(step(context, item, attribute))
            if found:
                yield from found
                return
        yield from offer(context, self.name, calling_setter(context, item, attribute))

    def _spelling(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield the attribute that `__init__` sets under a name that nobody reads, spelled as it is read."""
        method = initialiser(item)
        if method is None or attribute.startswith("__"):
            return
        modules = [item.module, *context.project.containing(attribute)]
        read = {node.attr for module in modules for node in module.nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}
        unread = [name for name in item.attributes if name not in read and list(set_by(method, name))]
        ranked = closest(attribute, unread, 0.8)
        if not ranked or is_tie(ranked):
            return
        wrong = ranked[0][1]
        reads = sum(isinstance(node, ast.Attribute) and node.attr == attribute for module in dict.fromkeys(modules) for node in module.nodes)
        if wrong in parameters(method) or (reads < 2 and attribute not in item.attributes):
            return  # the one place that reads it is as likely to be the misspelt one
        uses = [node for node in ast.walk(item.node) if isinstance(node, ast.Attribute) and node.attr == wrong]
        edits = [(item, Edit(item.module.span(node)[1] - len(wrong), item.module.span(node)[1], attribute)) for node in uses]
        yield from self._made(
            context,
            f"set self.{attribute}, which is read, and not self.{wrong}",
            f"{item.name} sets self.{wrong}, which nothing reads, and self.{attribute} is read and not set. The edit sets it under the name that is read.",
            edits,
            0.92,
        )

    def _own_name(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield `self.` for a plain variable of `__init__`, or the parameter kept that is not."""
        method = initialiser(item)
        if method is None or list(set_by(method, attribute)):
            return
        me = method.args.args[0].arg
        names = [attribute] if not attribute.startswith("_") else [attribute, attribute.lstrip("_")]
        for name in names:
            local = [
                node
                for node in method.body
                if isinstance(node, ast.Assign | ast.AnnAssign)
                and any(isinstance(target, ast.Name) and target.id == name for target in (node.targets if isinstance(node, ast.Assign) else [node.target]))
            ]
            if local and name == attribute and name not in parameters(method):
                yield from self._forgotten_self(context, item, attribute, method, local[-1])
                return
            if name in parameters(method) and not (method.args.vararg and method.args.vararg.arg == name):
                value = f"{me}.{attribute} = {name}"
                if local and isinstance(local[0], ast.Assign) and isinstance(local[0].value, ast.Name) and local[0].value.id == name:
                    edit: Edit | None = Edit(*item.module.span(local[0]), value)
                elif local:
                    at = item.module.span(local[-1])[0]
                    edit = Edit(at, at, f"{me}.{attribute} = ")
                else:
                    edit = add_first(item, [value])
                if edit is not None:
                    yield from self._made(
                        context,
                        f"keep the parameter {name} of {item.name} as {me}.{attribute}",
                        f"{item.name}.__init__() takes {name} and does not keep it, and {attribute} is read from the object. The edit keeps it.",
                        [(item, edit)],
                        0.93,
                    )
                return

    def _forgotten_self(self, context: Context, item: Class, attribute: str, method: FunctionNode, node: ast.Assign | ast.AnnAssign) -> Iterator[Proposal]:
        me = method.args.args[0].arg
        used = [name for name in ast.walk(method) if isinstance(name, ast.Name) and name.id == attribute]
        edits = [(item, Edit(item.module.span(name)[0], item.module.span(name)[0], f"{me}.")) for name in used]
        if any(isinstance(parent, ast.JoinedStr) for name in used for parent in item.module.ancestors(name)):
            start = item.module.span(node)[0]
            edits = [(item, Edit(start, start, f"{me}.{attribute} = "))] if isinstance(node, ast.Assign) else []
        if edits:
            yield from self._made(
                context,
                f"set {me}.{attribute} and not a variable {attribute} of __init__()",
                f"{item.name}.__init__() sets a variable {attribute} that ends with it, and {attribute} is read from the object. "
                f"The edit sets it on the object. Its value stays the same.",
                edits,
                0.93,
            )

    def _order(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield the statements of `__init__` in an order in which the attribute is set before it is needed."""
        method = initialiser(item)
        if method is None:
            return
        frames = [frame for frame in context.raised.frames if frame.function.endswith(method.name)]
        lines = [found.line for frame in frames if (found := context.at(frame)) is not None and found.module is item.module]
        inside = [line for line in lines if method.lineno <= line <= (method.end_lineno or 0)]
        setting = next((node for node in method.body if any(node is one for one, _ in set_by(method, attribute))), None)
        if not inside or setting is None or setting.lineno <= inside[-1]:
            return
        edit = reordered(item, method, inside[-1], setting)
        if edit is None:
            context.refuse(f"{item.name}.__init__() sets {attribute} only after it is needed, and the statements cannot change places.")
            return
        yield from self._made(
            context,
            f"set {attribute} in {item.name}.__init__() before it is needed",
            f"{item.name}.__init__() runs code that reads {attribute} before it sets it. The edit changes the order of its statements. No statement changes.",
            [(item, edit)],
            0.87,
        )

    def _branch(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield a first value before the branch of `__init__` that alone sets the attribute."""
        method = initialiser(item)
        found = list(set_by(method, attribute)) if method is not None else []
        if method is None or not found or any(statement in method.body for statement, _ in found):
            return
        outer = next((node for node in method.body if found[0][0] in ast.walk(node)), None)
        value = next((text for _, given in found if (text := neutral(given))), "") or by_use(item, attribute)
        guessed = not value
        if not isinstance(outer, ast.If | ast.For | ast.While | ast.Try | ast.With) or item.module.own_indent(outer) is None:
            return
        at = item.module.span(outer)[0]
        text = f"{method.args.args[0].arg}.{attribute} = {value or 'None'}\n{item.module.own_indent(outer)}"
        yield from self._made(
            context,
            f"set {attribute} of {item.name} on every way through __init__()",
            f"{item.name}.__init__() sets {attribute} in one branch only, and the object was made through another. "
            f"The edit sets it to {value or 'None'} before the branch, which may then change it.",
            [(item, Edit(at, at, text))],
            0.7 if value else 0.4,
            guesses=guessed,
        )

    def _first_value(self, context: Context, item: Class, attribute: str) -> Iterator[Proposal]:
        """Yield the neutral first value that another method, or the uses, show."""
        known = members(context.project, item)
        inherited = attribute in known.attributes and attribute not in item.attributes
        method = initialiser(item)
        if inherited or (method is not None and item.node.bases and not known.complete and not calls_super(method)):
            return
        given = [value for other in item.node.body if isinstance(other, FUNCTIONS) and other.args.args for _, value in set_by(other, attribute)]
        value = next((text for node in given if (text := neutral(node))), "")
        shown = "another method sets it to that"
        if not value:
            value, shown = by_use(item, attribute), "its uses ask for that"
        if not value or closest(attribute, [name for name in known.attributes if name != attribute], 0.8):
            return
        edit = add_first(item, [f"{method.args.args[0].arg if method is not None else 'self'}.{attribute} = {value}"])
        if edit is not None:
            yield from self._made(
                context,
                f"begin {attribute} of {item.name} as {value}",
                f"{item.name} uses {attribute}, and no object has it when it is made. The edit begins it as {value}: {shown}.",
                [(item, edit)],
                0.85 if given else 0.78,
            )

    def _made(
        self, context: Context, title: str, rationale: str, edits: list[tuple[Class, Edit]], prior: float, *, guesses: bool = False
    ) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=rationale,
            edits=[(item.module, edit) for item, edit in edits],
            prior=prior,
            guesses=guesses,
            alternatives=("A test at the place of use whether the attribute is there: every other use would need one too.",),
        )
        if proposal is not None:
            yield proposal


def _class(context: Context, missing: MissingAttribute) -> Class | None:
    """Return the one class of the project that the object is an instance of, or that of its base that sets the attribute."""
    found = find_classes(context.project, missing.owner, context.module)
    view = context.raised.obj
    if view is not None and view.file:
        rel = context.project.relative(view.file)
        found = [item for item in found if item.module.rel == rel]
    if len(found) != 1 or missing.kind != "instance":
        return None
    item = found[0]
    for name in item.bases:
        for base in find_classes(context.project, name, item.module)[:1]:
            if missing.attribute in base.attributes and missing.attribute not in item.attributes:
                own = initialiser(item)
                return None if own is not None and not calls_super(own) else base
            if missing.attribute not in item.attributes and initialiser(item) is None and initialiser(base) is not None:
                return base
    return item


def _stores(context: Context, attribute: str) -> bool:
    """Say whether the line itself sets the attribute plainly: then it is refused for another reason."""
    found = context.nodes(lambda node: isinstance(node, ast.Attribute) and node.attr == attribute)
    return bool(found) and all(isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and not _augmented(context, node) for node in found)


def _augmented(context: Context, node: ast.AST) -> bool:
    return isinstance(context.module.parents.get(node), ast.AugAssign)
