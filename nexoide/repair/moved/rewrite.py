"""Rewrites the uses of moved APIs in one file: names, calls, methods, keywords and the imports that they came by."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

from nexoide.repair.code.bindings import owner, scopes
from nexoide.repair.code.bindings import uses as uses_of
from nexoide.repair.code.calls import Argument, arguments, rewrite
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.scope import needs_parentheses
from nexoide.repair.code.source import Module
from nexoide.repair.moved.table import Move
from nexoide.repair.moved.template import fill, fits
from nexoide.repair.moved.uses import from_imports, imported, plain_imports, uses
from nexoide.repair.naming.imports import Imports, bound_names
from nexoide.repair.naming.packages import Layout


class Rewriter:
    """Collects the edits of one file; edits inside the arguments of a call that is rewritten go into its new text."""

    def __init__(self, module: Module, layout: Layout) -> None:
        self.module = module
        self.imports = Imports(module, layout)
        self.changed = 0
        self.rows: list[Move] = []
        self.unfit: list[ast.AST] = []
        self._edits: list[Edit] = []
        self._replaced: set[ast.AST] = set()

    def edits(self) -> list[Edit]:
        """Return all edits, the imports' included; empty where nothing was found."""
        if not self.changed:
            return []
        self._forget_unused()
        return [*self._edits, *self.imports.edits()]

    def names(self, wanted: Callable[[str], list[Move]]) -> None:
        """Rewrite the uses of dotted names: `wanted` gives the rows about one."""
        found = [use for use in uses(self.module) if wanted(use.dotted)]
        found.sort(key=lambda use: self.module.span(self._whole(use.node))[1] - self.module.span(self._whole(use.node))[0])
        for use in found:
            if isinstance(use.node, ast.Attribute) or self._has_template(wanted(use.dotted)):
                self._name(use.node, wanted(use.dotted))
        for _, item, dotted in from_imports(self.module):
            rows = wanted(dotted)
            if rows:
                self._imported(item, rows)

    @staticmethod
    def _has_template(rows: Iterable[Move]) -> bool:
        return any(row.call or row.keywords for row in rows)

    def _whole(self, node: ast.expr) -> ast.expr:
        parent = self.module.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else node

    def _name(self, node: ast.Name | ast.Attribute, rows: list[Move]) -> None:
        whole = self._whole(node)
        call = whole if isinstance(whole, ast.Call) else None
        for row in rows:
            if not fits(call, row.positional, row.needs, row.lacks):
                continue
            if row.call and call is not None and self.call(call, None, row):
                return
            if row.keywords and call is not None and not row.new:
                self.keywords(call, row)
                return
            if row.new and isinstance(node, ast.Attribute):
                text = self._reached(row.new)
                if row.keywords and call is not None:
                    self.keywords(call, row)
                self._put(node, text, row)
                return
            if row.new and isinstance(node, ast.Name):
                return  # its import is renamed instead
        self.unfit.append(node)

    def _reached(self, new: str) -> str:
        """Return the text of a new name: `@module` a module itself, `=text` as it is, `-name` its negative, a plain word a builtin."""
        if new.startswith("="):
            return new[1:]
        if new.startswith("-"):
            return f"(-{self.imports.use(new[1:])})"
        if new.startswith("@"):
            return self.imports.want(new[1:])
        return new if "." not in new else self.imports.use(new)

    def _imported(self, item: ast.alias, rows: list[Move]) -> None:
        """Import a moved name from where it is now, under the name that the file uses where that can stay."""
        row = next((row for row in rows if row.new), None)
        local = item.asname or item.name
        if row is None:
            self.imports.drop(item)  # every use was rewritten by a template
            return
        self.rows.append(row)
        self.changed += 1
        if row.new.startswith(("=", "-")) or ":" in row.new:
            self.imports.drop(item)
            self._rename_uses(item, local, self.imports.use(row.new, prefer_module=False) if ":" in row.new else self._reached(row.new))
            return
        source, _, name = row.new.removeprefix("@").rpartition(".")
        if not source and row.new.startswith("@"):
            self.imports.drop(item)
            self.imports.want(name, "", "" if local == name else local, bare=True)
            return
        if not source:  # a builtin
            self.imports.drop(item)
            if local != name:
                self._rename_uses(item, local, name)
            return
        keeps = local == name or (item.asname is None and name not in bound_names(self.module) and self._rename_uses(item, local, name))
        self.imports.drop(item)
        held = self.imports.want(source, name, "" if keeps else local, bare=True)
        assert held

    def _rename_uses(self, item: ast.alias, old: str, new: str) -> bool:
        where = owner(scopes(self.module).inside(self.module, item), old)
        found = uses_of(self.module, where, old) if where is not None else []
        if where is None or len(where.bound[old]) != 1 or any(self.module.segment(use) != old for use in found):
            return False
        for use in found:
            if use not in self._replaced:
                self._put(use, new, None)
        return True

    def modules(self, rows: Iterable[Move]) -> None:
        """Rewrite the imports of modules that have another name now, and what is read of them."""
        by_name = {row.old: row for row in rows}
        self.names(lambda dotted: _member(by_name, dotted))
        for _, item in plain_imports(self.module):
            row = by_name.get(item.name)
            if row is None:
                continue
            if row.new and item.asname:
                self.imports.replace(item, row.new if row.new == item.asname else f"{row.new} as {item.asname}")
            elif row.new:
                self.imports.drop(item)
                if not any(use.alias is item for use in uses(self.module)):
                    self.imports.want(row.new)
            self.changed += bool(row.new)
            self.rows.append(row)

    def methods(self, nodes: Iterable[ast.Attribute], rows: list[Move]) -> None:
        """Rewrite reads or calls of a method on an object."""
        for node in sorted(nodes, key=lambda item: self.module.span(self._whole(item))[1] - self.module.span(self._whole(item))[0]):
            whole = self._whole(node)
            call = whole if isinstance(whole, ast.Call) else None
            for row in rows:
                if not fits(call, row.positional, row.needs, row.lacks):
                    continue
                if row.call and self.call(call, node, row):
                    break
                if row.new and isinstance(node, ast.Attribute):
                    if row.keywords and call is not None:
                        self.keywords(call, row)
                    end = self.module.span(node)[1]
                    self._add(Edit(end - len(node.attr), end, row.new), row)
                    break

    def call(self, call: ast.Call | None, access: ast.Attribute | None, row: Move) -> bool:
        """Write a call anew from a row's template; `access` is the method's access where it is a call on an object."""
        text = fill(row.call, call, access.value if access is not None else None, self._render, self.imports.use)
        node: ast.expr | None = call if call is not None else access
        if text is None or node is None:
            return False
        parent = self.module.parents.get(node)
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not) and (negated := _negated(text)):
            node, text = parent, negated
        elif _is_loose(text) and needs_parentheses(self.module, node):
            text = f"({text})"
        self._put(node, text, row)
        return True

    @staticmethod
    def fits(call: ast.Call, row: Move) -> bool:
        """Say whether a call is one that a row is for."""
        return fits(call, row.positional, row.needs, row.lacks)

    def fitting(self, call: ast.Call, access: ast.Attribute | None, row: Move) -> None:
        """Write a call anew where it is one that the row is for."""
        if self.fits(call, row):
            self.call(call, access, row)

    def builtins(self, nodes: Iterable[ast.Name], row: Move) -> None:
        """Write the new names, or calls, of what was built in."""
        for node in nodes:
            parent = self.module.parents.get(node)
            call = parent if isinstance(parent, ast.Call) and parent.func is node else None
            if self.module.segment(node) != node.id or node in self._replaced:
                continue
            if row.call and call is not None:
                self.fitting(call, None, row)
            elif row.new:
                self._put(node, self._reached(row.new), row)

    def keywords(self, call: ast.Call, row: Move) -> None:
        """Rename or drop keywords of a call."""
        wanted: list[Argument] = []
        for item in arguments(call):
            new = row.keywords.get(item.keyword or "", item.keyword)
            if new != "" or item.keyword is None:
                wanted.append(item if new == item.keyword else Argument(item.index, new, item.text, item.node))
        renamed = [item for item in call.keywords if item.arg in row.keywords]
        if not renamed:
            return
        if all(row.keywords[item.arg or ""] for item in renamed):
            for given in renamed:
                start = self.module.span(given)[0]
                self._add(Edit(start, start + len(given.arg or ""), row.keywords[given.arg or ""]), row)
            return
        edit = rewrite(self.module, call, wanted)
        open_at = self.module.span(call.func)[1]
        shift = edit.text[open_at - edit.start :]
        self._add(Edit(open_at, edit.end, shift), row)

    def replace(self, node: ast.expr | ast.stmt, text: str, row: Move | None = None) -> None:
        """Write another text in the place of a node."""
        self._put(node, text, row)

    def span(self, start: int, end: int, text: str, row: Move | None = None) -> None:
        """Write another text in the place of a span."""
        self._add(Edit(start, end, text), row)

    def _render(self, node: ast.expr) -> str:
        """Return a node's text with the edits inside it made."""
        start, end = self.module.span(node)
        at, parts = start, []
        for edit in sorted(item for item in self._edits if start <= item.start and item.end <= end):
            parts += [self.module.text[at : edit.start], edit.text]
            at = edit.end
        return "".join([*parts, self.module.text[at:end]])

    def _put(self, node: ast.expr | ast.stmt, text: str, row: Move | None) -> None:
        self._replaced.add(node)
        self._replaced.update(ast.walk(node))
        self._add(Edit(*self.module.span(node), text), row)

    def _add(self, edit: Edit, row: Move | None) -> None:
        self._edits = [item for item in self._edits if not (edit.start <= item.start and item.end <= edit.end)]
        self._edits.append(edit)
        self.changed += 1
        if row is not None and row not in self.rows:
            self.rows.append(row)

    def _forget_unused(self) -> None:
        """Drop the plain imports that nothing reads any more because every use was rewritten."""
        written = " ".join(edit.text for edit in self._edits)
        for _, item in plain_imports(self.module):
            if not self.imports.provides(item.name) and re.search(rf"\b{re.escape(item.asname or item.name)}\b", written):
                continue
            mine = [use for use in uses(self.module) if use.alias is item and isinstance(use.node, ast.Name)]
            if mine and all(use.node in self._replaced for use in mine) and not self.imports.needs(imported(self.module, item)):
                self.imports.drop(item)


def _member(rows: dict[str, Move], dotted: str) -> list[Move]:
    """Return a row for one member of a module that moved, made from the module's row."""
    module, _, name = dotted.rpartition(".")
    row = rows.get(module)
    if row is None:
        return []
    new = row.members.get(name, f"{row.new}.{name}" if row.new else "")
    if not new:
        return []
    if "{" in new:
        return [Move(kind="name", old=dotted, call=new, gone=row.gone, note=row.note, prior=row.prior, package=row.package)]
    return [Move(kind="name", old=dotted, new=new, gone=row.gone, note=row.note, prior=row.prior, package=row.package)]


def _is_loose(text: str) -> bool:
    """Say whether an expression's text is taken apart by operators around it."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    return isinstance(tree, ast.BoolOp | ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp | ast.Lambda | ast.Await)


def _negated(text: str) -> str:
    """Return `a not in b` for `a in b`, "" for anything else."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return ""
    if not (isinstance(tree, ast.Compare) and len(tree.ops) == 1 and isinstance(tree.ops[0], ast.In)):
        return ""
    left = ast.get_source_segment(text, tree.left) or ""
    opening = text[: text.find(left)]
    rest = text[len(opening) + len(left) :]
    closing, _, right = rest.partition(" in ")
    return f"{opening}{left}{closing} not in {right}"
