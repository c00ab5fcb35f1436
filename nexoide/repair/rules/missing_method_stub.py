"""A method, property or function that nothing of the project comes close to: a marked stub with the parameters that its calls show."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nexoide.model.failure import Raised
from nexoide.repair.code.beginnings import classes_of
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, members
from nexoide.repair.code.names import closest, words
from nexoide.repair.code.project import is_test
from nexoide.repair.code.shapes import classes_with
from nexoide.repair.code.source import FUNCTIONS, Module
from nexoide.repair.code.sources import own_name
from nexoide.repair.context import Context
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, failing_access, in_own_code, missing_attribute

MAX_CALLS = 200
_BOOLEAN = frozenset({"is", "has", "can", "should", "was", "contains", "exists", "valid"})


class MissingMethodStub:
    """Adds a stub that says at run time that it has yet to be written; it repairs nothing."""

    name = "missing-method-stub"
    summary = "Writes the frame of a missing method or property from its calls, marked as unwritten; it still fails, and says so."
    errors = ("AttributeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="nothing-to-go-by",
            files={
                "main.py": "class Report:\n    def __init__(self, rows):\n        self.rows = rows\n\n\ntry:\n    Report([1]).to_pdf('a.pdf')\n"
                "except NotImplementedError as error:\n    print(error)\n"
            },
            prints="Report.to_pdf() is not written yet\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether an object or a module lacks an attribute."""
        missing = missing_attribute(raised)
        return missing is not None and missing.kind in ("instance", "module") and not missing.attribute.startswith("__")

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the stub where a class or module of the project lacks the name and has nothing like it."""
        missing = missing_attribute(context.raised)
        if missing is None or not in_own_code(context):
            return
        node = failing_access(context, missing)
        if node is None:
            return
        if missing.kind == "module":
            yield from self._function(context, missing.owner, missing.attribute)
            return
        found = find_classes(context.project, missing.owner, context.module)
        if len(found) != 1 or is_test(found[0].module.rel):
            return
        item = found[0]
        known = members(context.project, item)
        if missing.attribute in known.names or closest(missing.attribute, known.names, 0.75) or classes_with(context.project, missing.attribute):
            return
        calls, reads = _uses(context, missing.attribute, item)
        if reads and calls:
            context.refuse(f"{missing.attribute} is called in {len(calls)} places and read in {len(reads)}: whether it is a method is open.")
            return
        first = next((method for method in item.node.body if isinstance(method, FUNCTIONS)), None)
        if first is None:
            return
        indent = item.module.own_indent(item.node.body[0])
        last = item.node.body[-1].end_lineno or item.node.lineno
        if not indent:
            return
        label = f"{item.name}.{missing.attribute}{'()' if calls else ''}"
        header = f"def {missing.attribute}(self{_parameters(calls)}){_returns(missing.attribute)}:"
        lines = ["" if calls else "@property", header, f'    raise NotImplementedError("{label} is not written yet")']
        text = "\n\n" + "\n".join(indent + line for line in lines if line)
        at = item.module.line_start(last) + len(item.module.lines[last - 1])
        yield from self._made(context, item.module, Edit(at, at, text), label, len(calls) or len(reads))

    def _function(self, context: Context, owner: str, name: str) -> Iterable[Proposal]:
        """Yield the frame of a function of one of the project's own files."""
        dotted = {rel: rel.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for rel in context.project.files if not is_test(rel)}
        modules = [rel for rel, text in dotted.items() if text == owner or text.endswith(f".{owner}")]
        if len(modules) != 1:
            return
        module = context.project.module(modules[0])
        known = index(module).globals
        elsewhere = any(name in index(other).globals for other in context.project.containing(f"def {name}"))
        if name in known or elsewhere or closest(name, known, 0.75):
            return
        calls = [
            node
            for other in context.project.containing(f".{name}(")
            for node in other.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        ]
        if not calls:
            return
        header = f"def {name}({_parameters(calls).removeprefix(', ')}){_returns(name)}:"
        end = len(module.text.rstrip("\n"))
        text = f'\n\n\n{header}\n    raise NotImplementedError("{owner}.{name}() is not written yet")'
        yield from self._made(context, module, Edit(end, end, text), f"{owner}.{name}()", len(calls))

    def _made(self, context: Context, module: Module, edit: Edit, label: str, uses: int) -> Iterable[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=f"add a marked stub of {label}, still to be written",
            rationale=(
                f"{label} is used in {uses} place{'s' if uses > 1 else ''} and defined nowhere, and no name of the project comes close to it. "
                "The edit adds its frame with the parameters that its uses give; it raises NotImplementedError until somebody writes it."
            ),
            edits=[(module, edit)],
            prior=0.15,
            nature="stub",
            guesses=True,
            cautions=("The program still fails at this place, and says what is missing.",),
            alternatives=("A body: nothing in the project shows what it should do.",),
            unchecked=("What the method should do.",),
        )
        if proposal is not None:
            yield proposal


def _uses(context: Context, name: str, item: Class) -> tuple[list[ast.Call], list[ast.Attribute]]:
    """Return the calls and the plain reads of an attribute on objects that may be of a class."""
    calls: list[ast.Call] = []
    reads: list[ast.Attribute] = []
    for module in context.project.containing(f".{name}"):
        for node in module.nodes:
            if not isinstance(node, ast.Attribute) or node.attr != name or len(calls) + len(reads) >= MAX_CALLS:
                continue
            owners = classes_of(context.project, module, node.value)
            if owners and all(owner.node is not item.node for owner in owners):
                continue
            parent = module.parents.get(node)
            if isinstance(parent, ast.Call) and parent.func is node:
                calls.append(parent)
            elif isinstance(node.ctx, ast.Load):
                reads.append(node)
    return calls, reads


def _parameters(calls: list[ast.Call]) -> str:
    """Return the parameters that take every call: named by the arguments' own names, with a default where a call leaves one out."""
    if not calls:
        return ""
    if any(isinstance(item, ast.Starred) for call in calls for item in call.args) or any(item.arg is None for call in calls for item in call.keywords):
        return ", *args, **kwargs"
    least, most = min(len(call.args) for call in calls), max(len(call.args) for call in calls)
    names: list[str] = []
    for place in range(most):
        seen = {own_name(call.args[place]) for call in calls if len(call.args) > place} - {""}
        name = next(iter(seen)) if len(seen) == 1 else ""
        names.append(name if name and name not in (*names, "self") else f"value_{place + 1}" if most > 1 else "value")
    parts = [name if place < least else f"{name}=None" for place, name in enumerate(names)]
    keywords = dict.fromkeys(item.arg for call in calls for item in call.keywords if item.arg and item.arg not in names)
    if keywords:
        parts.append("*")
        parts += [name if all(any(item.arg == name for item in call.keywords) for call in calls) else f"{name}=None" for name in keywords]
    return "".join(f", {part}" for part in parts)


def _returns(name: str) -> str:
    return " -> bool" if (words(name)[:1] or ("",))[0] in _BOOLEAN else ""
