"""A variable, a parameter, a method or a file that hides what its name meant: a builtin, an import, a function."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.bindings import owner, scopes
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.matching import import_error
from nexoide.repair.moved.uses import uses
from nexoide.repair.naming.imports import Imports, joined
from nexoide.repair.naming.packages import Layout, layout_of, own_globals
from nexoide.repair.naming.shadows import Shadow, in_annotation, renamed, shadow, through_builtins
from nexoide.repair.naming.stdlib import has, members
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example, missing_attribute

_CALLED = re.compile(r"'([\w.]+)' object is not callable")
_UNBOUND = re.compile(r"(?:cannot access local variable|local variable) '(\w+)'")
_SUBSCRIPTED = re.compile(r"'(?:function|str|int|property|Field|method_descriptor|staticmethod|classmethod)' object is not subscriptable")
_ATTRIBUTE = re.compile(r"'([\w.]+)' object has no attribute '(\w+)'")
_ISINSTANCE = re.compile(r"(isinstance|issubclass)\(\) arg 2 must be a (type|class)")


class Shadowed:
    """Gives the variable a name of its own, so that the name means again what it meant."""

    name = "shadowed"
    summary = "Renames a variable or parameter that hides a builtin, an import or a function, with all its uses; calls the member and not the module."
    errors = ("TypeError", "AttributeError", "UnboundLocalError", "ImportError")
    examples = (
        Example(
            name="builtin",
            files={
                "main.py": "def spread(readings):\n    max = 0\n    for reading in readings:\n        if reading > max:\n            max = reading\n"
                "    return max - min(readings), max(readings)\n\n\nprint(spread([2, 5]))\n"
            },
            prints="(3, 5)\n",
        ),
        Example(
            name="module-called",
            files={"main.py": "import datetime\n\nday = datetime(2024, 2, 28) + datetime.timedelta(days=2)\nprint(day.date())\n"},
            prints="2024-03-01\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the message is one that a hidden name gives."""
        message = raised.message
        if raised.type == "TypeError":
            return any(pattern.match(message) for pattern in (_CALLED, _SUBSCRIPTED, _ISINSTANCE))
        if raised.type == "UnboundLocalError":
            return _UNBOUND.match(message) is not None
        return raised.type in ("AttributeError", "ImportError")

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the rename, or the use that cannot be mistaken."""
        message = context.raised.message
        layout = layout_of(context)
        if context.raised.type in ("AttributeError", "ImportError"):
            yield from self._file(context, layout)
        if not context.is_raising:
            return
        if message == "'module' object is not callable":
            yield from self._module_called(context, layout)
        elif context.raised.type == "TypeError" and _SUBSCRIPTED.match(message):
            yield from self._in_class(context, layout)
        elif context.raised.type == "AttributeError":
            yield from self._member(context, layout)
        else:
            yield from self._called(context, layout)

    def _called(self, context: Context, layout: Layout) -> Iterator[Proposal]:
        """Repair a call, or a check of a type, by a name that a variable holds here."""
        module = context.module
        if _ISINSTANCE.match(context.raised.message):
            calls = [node for node in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call) and len(node.args) == 2]
            found: list[ast.expr] = [call.args[1] for call in calls]
        else:
            calls = [node for node in context.nodes(lambda item: isinstance(item, ast.Call) and isinstance(item.func, ast.Name)) if isinstance(node, ast.Call)]
            found = [call.func for call in calls]
        match = _UNBOUND.match(context.raised.message)
        names = [item for item in found if isinstance(item, ast.Name) and (match is None or item.id == match[1]) and _is_value(context, item)]
        if match is not None and not names:
            yield from self._unbound_import(context, layout, match[1])
            return
        for node in names[:1]:
            held = shadow(module, node)
            if held is None:
                return
            yield from self._renamed(context, layout, held, None)

    def _renamed(self, context: Context, layout: Layout, held: Shadow, attributes: frozenset[str] | None) -> Iterator[Proposal]:
        found = renamed(layout, context.module, held, attributes)
        what = "parameter" if any(isinstance(item, ast.arg) for item in held.scope.bound[held.name]) else "variable"
        if found is not None:
            new, edits = found
            context.thoughts.add("saw", f"a {what} called {held.name} hides {held.hidden}")
            proposal = context.propose(
                rule=self.name,
                title=f"rename the {what} {held.name}, which hides {held.hidden}",
                rationale=f"{context.module.rel} gives a {what} the name {held.name}; from then on the name does not mean {held.hidden}, which line "
                f"{context.line} wants. The edit calls the {what} {new} everywhere, and leaves the uses of {held.hidden} as they are.",
                edits=edits,
                prior=0.9,
                alternatives=["Another name may say better what the variable holds."],
            )
            if proposal is not None:
                yield proposal
                return
        if held.hidden.startswith("the builtin") and attributes is None:
            edits = through_builtins(layout, context.module, held)
            proposal = context.propose(
                rule=self.name,
                title=f"call builtins.{held.name}, which a {what} hides",
                rationale=f"A {what} called {held.name} hides the builtin of that name, and other files use the {what}. "
                "The edit calls the builtin by its module.",
                edits=edits,
                prior=0.75,
            )
            if proposal is not None:
                yield proposal

    def _unbound_import(self, context: Context, layout: Layout, name: str) -> Iterator[Proposal]:
        """Repair `json = json.loads(text)` in a function: the name is local there, and not yet bound."""
        module = context.module
        found = context.nodes(lambda item: isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == name)
        nodes = [item.value for item in found if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name)]
        if not nodes:
            return
        held = shadow(module, nodes[0])
        if held is not None and held.hidden.startswith("the import") and not held.same_scope:
            yield from self._renamed(context, layout, held, _attributes(context, layout, name))

    def _member(self, context: Context, layout: Layout) -> Iterator[Proposal]:
        """Repair a read of a module's member where a variable hides the module."""
        match = _ATTRIBUTE.match(context.raised.message)
        if match is None or match[1] == "module":
            return
        module = context.module
        found = context.nodes(lambda item: isinstance(item, ast.Attribute) and item.attr == match[2] and isinstance(item.value, ast.Name))
        for item in found[:1]:
            assert isinstance(item, ast.Attribute)
            assert isinstance(item.value, ast.Name)
            held = shadow(module, item.value)
            if held is None or not held.hidden.startswith("the import"):
                return
            known = _attributes(context, layout, item.value.id)
            if known is None or match[2] not in known:
                return
            yield from self._renamed(context, layout, held, known)

    def _module_called(self, context: Context, layout: Layout) -> Iterator[Proposal]:
        """Call the member of a module that has the module's name."""
        module = context.module
        dotted = {use.node: use.dotted for use in uses(module)}
        calls = [node for node in context.nodes(lambda item: isinstance(item, ast.Call)) if isinstance(node, ast.Call)]
        for call in calls:
            func = call.func
            if not isinstance(func, ast.Name | ast.Attribute):
                continue
            source = dotted.get(func) or _relative_source(layout, module, func)
            member = _namesake(layout, module, source)
            if not source or member is None:
                continue
            same = [node for node in module.nodes if isinstance(node, ast.Call) and module.segment(node.func) == module.segment(func)]
            proposal = context.propose(
                rule=self.name,
                title=f"call {source.rsplit('.', 1)[-1]}.{member}, not the module",
                rationale=f"{module.segment(func)} is the module here; what can be called is its member {member}. The edit calls that"
                f"{f' in {len(same)} places' if len(same) > 1 else ''}, and leaves the import, which other uses need, as it is.",
                edits=[(module, Edit(module.span(node.func)[1], module.span(node.func)[1], f".{member}")) for node in same],
                prior=0.92,
                alternatives=[f"`from {source} import {member}` would do as well where the module itself is not used."],
            )
            if proposal is not None:
                yield proposal
            return

    def _in_class(self, context: Context, layout: Layout) -> Iterator[Proposal]:
        """Repair `list[int]` in the body of a class that has a method called list."""
        module = context.module
        found = context.nodes(lambda item: isinstance(item, ast.Subscript) and isinstance(item.value, ast.Name))
        for node in found:
            assert isinstance(node, ast.Subscript)
            name = node.value
            assert isinstance(name, ast.Name)
            where = owner(scopes(module).inside(module, name), name.id)
            if where is None or not where.is_class or not isinstance(getattr(builtins, name.id, None), type):
                continue
            imports = Imports(module, layout)
            if in_annotation(module, node):
                edits, title = [imports.future("annotations")], "add `from __future__ import annotations`"
                what = "The edit lets annotations be read as text, so that the name is not looked up there."
            else:
                edits = [Edit(*module.span(name), f"{imports.want('builtins')}.{name.id}")]
                edits, title, what = [*imports.edits(), *edits], f"use builtins.{name.id}", "The edit names the builtin by its module."
            proposal = context.propose(
                rule=self.name,
                title=title,
                rationale=f"The class has a member called {name.id}, and below it in the class body the name means that member and not the builtin. {what}",
                edits=joined((module, edit) for edit in edits),
                prior=0.88,
            )
            if proposal is not None:
                yield proposal
            return

    def _file(self, context: Context, layout: Layout) -> Iterator[Proposal | Advice]:
        """Tell of a file of the project that hides a module of the standard library."""
        failed = import_error(context) if context.raised.type == "ImportError" else None
        missing = missing_attribute(context.raised) if context.raised.type == "AttributeError" else None
        source, name = failed if failed is not None else (missing.owner, missing.attribute) if missing is not None and missing.kind == "module" else ("", "")
        if not name or "." in source or source not in sys.stdlib_module_names or has(source, name) is not True:
            return
        rel = f"{layout.base}/{source}.py" if layout.base else f"{source}.py"
        if rel not in context.project.files:
            return
        own = own_globals(layout.project.module(rel))
        if name in own:
            return
        wanted = _own_names_used(layout, source, rel, set(own))
        context.thoughts.add("think", f"{rel} hides the module {source} of the standard library")
        script = layout.script
        offered = list(self._reordered(context, layout, source, rel)) if not wanted and script and script != rel else []
        yield from offered
        yield context.advise(
            rule=self.name,
            title=f"{rel} hides the module {source} of the standard library",
            text=f"Give {rel} another name (and its imports with it), so that `import {source}` finds the standard library's again.",
            looked=[f"{rel} stands where the program's imports start, so it is found first.", f"The standard library's {source} has {name}; {rel} has not."],
            final=not offered,
        )

    def _reordered(self, context: Context, layout: Layout, source: str, rel: str) -> Iterator[Proposal]:
        """Let the standard library be found before the program's own folder, where nothing needs the own file by its name."""
        module = layout.project.module(layout.script)
        head = [node for number, node in enumerate(module.tree.body) if _is_head(node, number)]
        first = module.tree.body[len(head)] if len(module.tree.body) > len(head) else None
        if first is None or module.own_indent(first) is None:
            return
        at = module.line_start(first.lineno)
        text = f"import sys\n\nsys.path.append(sys.path.pop(0))  # {rel} here must not hide the standard library's {source}\n\n"
        proposal = context.propose(
            rule=self.name,
            title=f"look for {source} in the standard library before this folder",
            rationale=f"{rel} has the name of a module of the standard library and is found in its place; nothing in the project uses {rel} itself. "
            "A file cannot be renamed by a patch: the edit puts the program's folder behind the standard library where modules are looked for.",
            edits=[(module, Edit(at, at, text))],
            prior=0.55,
            cautions=[f"Renaming {rel} is the better repair."],
        )
        if proposal is not None:
            yield proposal


def _is_value(context: Context, node: ast.Name) -> bool:
    """Say whether what the failing frame shows of a name can be what could not be called; what is not known can."""
    view = context.view(node)
    return view is None or view.type not in ("function", "type", "builtin_function_or_method", "method")


def _attributes(context: Context, layout: Layout, name: str) -> frozenset[str] | None:
    """Return the members of the module that a file imports under a name."""
    bound = index(context.module).imports.get(name)
    if bound is None:
        return None
    source = bound[0] if not bound[1] else f"{bound[0]}.{bound[1]}"
    rel = layout.file(context.module, source)
    if rel is not None:
        return frozenset(index(layout.project.module(rel)).globals)
    return members(source)


def _relative_source(layout: Layout, module: Module, node: ast.expr) -> str:
    bound = index(module).imports.get(node.id) if isinstance(node, ast.Name) else None
    return f"{bound[0]}.{bound[1]}".replace("..", ".") if bound is not None and bound[1] else ""


def _namesake(layout: Layout, module: Module, source: str) -> str | None:
    """Return the member of a module that has its name, letter case aside."""
    if not source:
        return None
    last = source.rsplit(".", 1)[-1]
    rel = layout.file(module, source)
    known = frozenset(own_globals(layout.project.module(rel))) if rel is not None else members(source)
    if known is None:
        return last if last in ("tqdm", "datetime", "decimal") else None
    if last in known:
        return last
    plain = last.replace("_", "").lower()
    return next((item for item in sorted(known) if item.lower() == plain and not item.startswith("_")), None)


def _own_names_used(layout: Layout, source: str, rel: str, own: set[str]) -> set[str]:
    """Return the names of a hiding file that the project itself asks for."""
    found: set[str] = set()
    for other in layout.project.containing(source):
        if other.rel == rel:
            continue
        for node in other.nodes:
            if isinstance(node, ast.ImportFrom) and node.module == source:
                found |= {item.name for item in node.names if item.name in own or item.name == "*"}
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == source and node.attr in own:
                found.add(node.attr)
    return found


def _is_head(node: ast.stmt, number: int) -> bool:
    docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
