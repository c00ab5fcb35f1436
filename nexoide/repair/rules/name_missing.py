"""NameError: a mistyped name, a name of another scope, or one that is only bound further down."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.bindings import owner, scopes, unbound_uses
from nexoide.repair.code.edits import Edit
from nexoide.repair.context import Context
from nexoide.repair.naming import misnamed, name_scopes
from nexoide.repair.naming.import_origins import origins, undefined_name
from nexoide.repair.naming.imports import joined
from nexoide.repair.naming.packages import layout_of
from nexoide.repair.naming.stdlib_moves import is_old_builtin
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example


class NameMissing:
    """Writes the name that was meant, or reaches the one that another scope holds."""

    name = "name-missing"
    summary = "Uses the closest name that is visible, reaches a class attribute or a caller's variable, or puts a definition before its use."
    errors = ("NameError",)
    examples = (
        Example(
            name="mistyped-variable",
            files={
                "main.py": "def mean(readings):\n    total = 0\n    for reading in readings:\n        total += reading\n"
                "    return totl / len(readings)\n\n\nprint(mean([2, 4]))\n"
            },
            prints="3.0\n",
        ),
        Example(
            name="class-attribute-in-a-method",
            files={"main.py": "class Cart:\n    LIMIT = 3\n\n    def room(self, held):\n        return LIMIT - held\n\n\nprint(Cart().room(1))\n"},
            prints="2\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is a NameError about a name that is not defined at all."""
        name = undefined_name(raised)
        return name is not None and not is_old_builtin(name)

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the repair that the name's other appearances show: its scope, its order, else its spelling."""
        name = undefined_name(context.raised)
        if name is None or not context.is_raising:
            return
        found = context.nodes(lambda item: isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load))
        nodes = [item for item in found if isinstance(item, ast.Name)]
        if not nodes:
            context.refuse(f"The line does not read {name} itself.")
            return
        node = nodes[0]
        scope = scopes(context.module).inside(context.module, node)
        if owner(scope, name) is not None:
            yield from self._order(context, name, node)
            return
        held = list(self._of_class(context, name, node))
        if held:
            yield from held
            return
        if name_scopes.is_set_on_self(context.module, node, name):
            context.refuse(f"{name} is an attribute of the object; `self.` is missing.")
            return
        quoted = self._quoted(context, name, node)
        if quoted is not None:
            yield quoted
            return
        if origins(context, layout_of(context), name):
            return  # an import gives it: that is the other rule's case
        near = list(self._close(context, name, node))
        yield from near
        if not near or near[0].prior < 0.7:
            yield from self._through(context, name, node)

    def _order(self, context: Context, name: str, node: ast.Name) -> Iterator[Proposal]:
        """Repair a use at the top level that runs before the definition."""
        found = name_scopes.reordered(context, name, node)
        if found is None:
            context.refuse(f"{name} is bound elsewhere in this file, but not on the way that was taken.")
            return
        proposal = context.propose(
            rule=self.name, title=found.title, rationale=found.rationale, edits=[(context.module, edit) for edit in found.edits], prior=found.prior
        )
        if proposal is not None:
            yield proposal

    def _of_class(self, context: Context, name: str, node: ast.Name) -> Iterator[Proposal]:
        found = name_scopes.class_attribute(context.project, context.module, node, name) or name_scopes.member_of_other(context.module, node, name)
        if found is None:
            return
        proposal = context.propose(
            rule=self.name,
            title=found.title,
            rationale=found.rationale,
            edits=[(context.module, edit) for edit in found.edits],
            prior=found.prior,
            alternatives=found.alternatives,
        )
        if proposal is not None:
            yield proposal

    def _quoted(self, context: Context, name: str, node: ast.Name) -> Proposal | None:
        """Write a key in quotes where the subscripted dict has that key."""
        module = context.module
        parent = module.parents.get(node)
        if not isinstance(parent, ast.Subscript) or parent.slice is not node:
            return None
        view = context.view(parent.value)
        if view is None or not (repr(name) in view.keys or (view.type == "dict" and f"{name!r}: " in view.repr)):
            return None
        quote = "'" if module.text.count("'") > module.text.count('"') else '"'
        return context.propose(
            rule=self.name,
            title=f"use the key {quote}{name}{quote}",
            rationale=f"No variable is called {name}, and {module.segment(parent.value)} has a key of that name. The edit puts it in quotes.",
            edits=[(module, Edit(*module.span(node), f"{quote}{name}{quote}"))],
            prior=0.88,
        )

    def _close(self, context: Context, name: str, node: ast.Name) -> Iterator[Proposal]:
        """Yield the closest visible names, or the definition's own spelling where it is the definition that is wrong."""
        module = context.module
        ranked = misnamed.candidates(context, node, name)
        if not ranked:
            context.refuse(f"No visible name is close to {name}.")
            return
        if len(ranked) > 1 and ranked[0].score - ranked[1].score < misnamed.TIE:
            context.refuse(f"{ranked[0].name} and {ranked[1].name} are equally close to {name}, and nothing says which was meant.")
            return
        best = ranked[0]
        wrong = misnamed.wrong_binding(module, node, name, best)
        if wrong:
            edits, title = wrong, f"call it {name} where it is set"
            what = f"{best.name} is set and never read, while {name} is read and never set. The edit writes {name} where it is set."
        else:
            same = [item for item in unbound_uses(module, name) if module.segment(item) == name and misnamed.sees(module, item, best)]
            edits, title = (
                [Edit(*module.span(item), best.name) for item in same] + misnamed.other_constants(module, name),
                f"use {best.name} where {name} was written",
            )
            places = f"in the {len(same)} places that read it" if len(same) > 1 else "in its place"
            what = f"Nothing is called {name}; {best.why} {best.name} is the closest name and can be used the same way. The edit writes it {places}."
        context.thoughts.add("think", f"{best.name} is the closest name to {name} ({best.alike:.0%} alike)")
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=what,
            edits=joined((module, edit) for edit in edits),
            prior=best.prior if len(ranked) == 1 else best.prior - 0.05,
            alternatives=[f"{item.name} is less alike." for item in ranked[1:3]],
            unchecked=["Whether a definition was forgotten instead."],
        )
        if proposal is not None:
            yield proposal

    def _through(self, context: Context, name: str, node: ast.Name) -> Iterator[Proposal]:
        """Hand a variable of the caller to the function that reads it, where every caller has it."""
        found = name_scopes.passed_on(context, name, node)
        if found is None:
            return
        edits, calls, function = found
        proposal = context.propose(
            rule=self.name,
            title=f"hand {name} to {function}()",
            rationale=f"{function}() reads {name}, which is a variable of the code that calls it. The edit makes it a parameter and gives it in "
            f"{'all ' + str(calls) + ' calls' if calls > 1 else 'the one call'}.",
            edits=edits,
            prior=0.74,
            alternatives=[f"Making {name} a module-level variable would do, and would hide what the function depends on."],
            unchecked=["Whether callers outside this project exist."],
        )
        if proposal is not None:
            yield proposal
