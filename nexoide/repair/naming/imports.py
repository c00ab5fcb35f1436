"""Imports of one file: under which text something can be reached, where a new import stands, and what an old one leaves behind."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterable, Iterator

from nexoide.repair.code.bindings import scopes
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.naming.packages import Layout

MAX_LINE = 100

ImportNode = ast.Import | ast.ImportFrom


def top_imports(module: Module) -> list[ImportNode]:
    """Return the import statements at a file's top level, those in `if` and `try` left out."""
    return [item for item in module.tree.body if isinstance(item, ast.Import | ast.ImportFrom)]


def source_of(node: ast.ImportFrom) -> str:
    """Return what stands between `from` and `import`."""
    return "." * node.level + (node.module or "")


def is_type_checking(node: ast.stmt) -> bool:
    """Say whether a statement is `if TYPE_CHECKING:`, whose body never runs."""
    test = node.test if isinstance(node, ast.If) else None
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING")


def bound_names(module: Module) -> set[str]:
    """Return every name that a file binds anywhere: variables, parameters, functions, classes, imports."""
    found: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def aliases(module: Module, source: str) -> Iterator[tuple[ImportNode, ast.alias]]:
    """Yield the imports of a module itself (`import source`) and of its names (`from source import …`), wherever they stand."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, item) for item in node.names if item.name == source)
        elif isinstance(node, ast.ImportFrom) and source_of(node) == source:
            yield from ((node, item) for item in node.names)


def reachable(module: Module, source: str, name: str) -> str | None:
    """Return the text under which `source.name` (`source` itself where name is "") is reachable all over a file, or None."""
    for node in top_imports(module):
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                if source_of(node) == source and item.name == name and name:
                    return item.asname or item.name
                if f"{source_of(node)}.{item.name}" == source:  # from xml import etree
                    return ".".join(filter(None, (item.asname or item.name, name)))
        else:
            for item in node.names:
                if item.name == source:
                    return ".".join(filter(None, (item.asname or item.name, name)))
    return None


class Imports:
    """Collects the imports that a file needs and no longer needs, and gives the edits that make it so."""

    def __init__(self, module: Module, layout: Layout) -> None:
        self.module = module
        self.layout = layout
        self._wanted: list[tuple[str, str, str]] = []
        self._dropped: set[ast.alias] = set()
        self._renamed: dict[ast.alias, str] = {}
        self._reached: set[str] = set()
        self._line_limit = sys.maxsize

    def want(self, source: str, name: str = "", alias: str = "", *, bare: bool = False) -> str:
        """Ask for `from source import name as alias` (`import source as alias` without a name); return the text that reaches it.

        Where the file has it already, nothing is added, and the text is what the file calls it; `bare`: under that very name.
        """
        held = reachable(self.module, source, name)
        if held is not None and not alias and (not bare or held == (name or source)):
            return held
        row = (source, name, alias)
        if row not in self._wanted:
            self._wanted.append(row)
        return alias or name or source

    def use(self, dotted: str, *, prefer_module: bool = True) -> str:
        """Return a text that reaches `module.name`, with the import it needs; a name of the file's own is never hidden.

        `module:name.rest` says where the module's name ends.
        """
        if ":" in dotted:
            source, _, path = dotted.partition(":")
            name, _, rest = path.partition(".")
            return ".".join(filter(None, (self.use(f"{source}.{name}", prefer_module=prefer_module), rest)))
        source, _, name = dotted.rpartition(".")
        if not source:
            return self.want(dotted)
        if (held := reachable(self.module, source, name)) is not None:
            self._reached.add(source)
            return held
        taken = bound_names(self.module)
        top = source.split(".", maxsplit=1)[0]
        own = {item.name.split(".")[0] for node in top_imports(self.module) if isinstance(node, ast.Import) for item in node.names if not item.asname}
        if prefer_module and (top not in taken or (top in own and len(scopes(self.module).top.bound[top]) == 1)):
            return f"{self.want(source)}.{name}"
        if name not in taken:
            return self.want(source, name)
        return self.want(source, name, f"{source.rsplit('.', 1)[-1]}_{name}")

    def needs(self, source: str) -> bool:
        """Say whether something that was asked for is reached through a module that the file has imported already."""
        return source in self._reached

    def provides(self, source: str) -> bool:
        """Say whether a new import of something below a module will bind the module's name as well."""
        return any(wanted.startswith(source + ".") and not name and not alias for wanted, name, alias in self._wanted)

    def before(self, line: int) -> None:
        """Make sure that what is added stands above a line."""
        self._line_limit = min(self._line_limit, line)

    def drop(self, item: ast.alias) -> None:
        """Take one name out of its import statement, and the statement with its last name."""
        self._dropped.add(item)

    def replace(self, item: ast.alias, text: str) -> None:
        """Write another text in the place of one imported name."""
        self._renamed[item] = text

    def future(self, name: str) -> Edit:
        """Return the edit that turns on a feature of the language: `from __future__ import name`."""
        for node in top_imports(self.module):
            if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
                inner = next(_extend(self.module, node.names, [name]))
                start, end = self.module.span(node)
                return Edit(start, end, self.module.text[start : inner.start] + inner.text + self.module.text[inner.end : end])
        body = self.module.tree.body
        text = f"from __future__ import {name}\n"
        if body and _is_docstring(body[0]):
            at = self._after(body[0])
            return Edit(at, at, "\n" + text)
        at = _below_comments(self.module)
        return Edit(at, at, text + "\n")

    def edits(self) -> list[Edit]:
        """Return the edits, the additions in the order of `isort`."""
        extended: dict[ImportNode, list[str]] = {}
        lines: list[tuple[str, str, str]] = []
        for source, name, alias in self._wanted:
            node = self._statement_of(source) if name else None
            if node is not None:
                extended.setdefault(node, []).append(f"{name} as {alias}" if alias else name)
            else:
                lines.append((source, name, alias))
        found: list[Edit] = []
        for item in self.module.nodes:
            if isinstance(item, ast.Import | ast.ImportFrom):
                edit = self._changed(item, extended.get(item, []))
                found += [edit] if edit is not None else []
        return [*found, *self._additions(lines)]

    def _changed(self, node: ImportNode, added: list[str]) -> Edit | None:
        """Return the edit of one statement: names taken out, written otherwise, and added."""
        module = self.module
        gone = [item for item in node.names if item in self._dropped]
        if len(gone) == len(node.names) and not added:
            return self._without(node)
        inner = [Edit(*_alias_span(module, item), self._renamed[item]) for item in node.names if item in self._renamed and item not in gone]
        kept = [item for item in node.names if item not in self._dropped]
        for item in gone:
            place = node.names.index(item)
            if kept[0] in node.names[place + 1 :]:  # everything before it goes too: cut up to the next name
                inner.append(Edit(_alias_span(module, item)[0], _alias_span(module, node.names[place + 1])[0], ""))
            else:
                inner.append(Edit(_alias_span(module, node.names[place - 1])[1], _alias_span(module, item)[1], ""))
        inner += _extend(module, kept, added)
        if not inner:
            return None
        start, end = module.span(node)
        at, parts = start, []
        for edit in sorted(inner):
            parts += [module.text[at : edit.start], edit.text]
            at = edit.end
        return Edit(start, end, "".join([*parts, module.text[at:end]]).replace("\r\n", "\n"))

    def _without(self, node: ImportNode) -> Edit:
        module = self.module
        start, end = module.span(node)
        parent = module.parents.get(node)
        body = getattr(parent, "body", [])
        if not isinstance(parent, ast.Module) and len(body) == 1:
            if isinstance(parent, ast.If) and is_type_checking(parent) and not parent.orelse:
                start, end = module.span(parent)
            else:
                return Edit(start, end, "pass")
        if module.own_indent(node) is None:
            return Edit(start, end, "pass")
        line_end = module.text.find("\n", end)
        if module.text[end : line_end if line_end >= 0 else len(module.text)].lstrip(" \t\r")[:1] == ";":
            return Edit(start, end, "pass")
        return Edit(module.text.rfind("\n", 0, start) + 1, line_end + 1 if line_end >= 0 else len(module.text), "")

    def _additions(self, lines: list[tuple[str, str, str]]) -> Iterator[Edit]:
        grouped: dict[str, list[str]] = {}
        plain: list[tuple[str, str]] = []
        for source, name, alias in lines:
            spelled = f" as {alias}" if alias else ""
            if name:
                grouped.setdefault(source, []).append(name + spelled)
            else:
                plain.append((source, f"import {source}{spelled}"))
        plain += [(source, f"from {source} import {', '.join(sorted(names, key=_order))}") for source, names in grouped.items()]
        if plain:
            yield from self._lines(plain)

    def _statement_of(self, source: str) -> ast.ImportFrom | None:
        """Return the statement at the top of the file that a name of `source` can be added to."""
        for node in top_imports(self.module):
            if isinstance(node, ast.ImportFrom) and source_of(node) == source and node.names[0].name != "*" and node.lineno < self._line_limit:
                start, end = self.module.span(node)
                parenthesised = self.module.text[:end].endswith(")")
                if any(item not in self._dropped for item in node.names) and (parenthesised or end - start < MAX_LINE - 12):
                    return node
        return None

    def _lines(self, rows: list[tuple[str, str]]) -> Iterator[Edit]:
        held = [
            node
            for node in top_imports(self.module)
            if node.lineno < self._line_limit
            and self.module.own_indent(node) == ""
            and not (isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level)
        ]
        if not held:
            yield self._first([text for _, text in sorted(rows, key=lambda row: self._key(*row))])
            return
        places: dict[int, list[tuple[str, str]]] = {}
        for row in sorted(rows, key=lambda row: self._key(*row)):
            at, before, after = self._place(held, *row)
            places.setdefault(at, []).append((row[1], before + "%s" + after))
        for at, items in places.items():
            text = "".join(frame % (line + "\n") for line, frame in items)
            if at == len(self.module.text) and not self.module.text.endswith("\n"):
                text = "\n" + text.removesuffix("\n")
            yield Edit(at, at, text)

    def _key(self, source: str, text: str) -> tuple[int, bool, str]:
        return self.layout.section(self.module, source), text.startswith("from "), source.lower()

    def _key_of(self, node: ImportNode) -> tuple[int, bool, str]:
        source = source_of(node) if isinstance(node, ast.ImportFrom) else node.names[0].name
        return self._key(source, "from " if isinstance(node, ast.ImportFrom) else "import ")

    def _place(self, held: list[ImportNode], source: str, text: str) -> tuple[int, str, str]:
        """Return where a new line goes, and the blank lines before and after it."""
        key = self._key(source, text)
        same = [node for node in held if self._key_of(node)[0] == key[0]]
        if same:
            lower = [node for node in same if self._key_of(node) <= key]
            if lower and [self._key_of(node) for node in same] == sorted(self._key_of(node) for node in same):
                return self._after(lower[-1]), "", ""
            if lower and len(lower) == len(same):
                return self._after(same[-1]), "", ""
            first = next((node for node in same if self._key_of(node) > key), same[0])
            return self.module.line_start(first.lineno), "", ""
        blank = "" if self._is_dense(held) else "\n"
        lower = [node for node in held if self._key_of(node)[0] < key[0]]
        if lower:
            return self._after(lower[-1]), blank, ""
        return self.module.line_start(held[0].lineno), "", blank

    def _is_dense(self, held: list[ImportNode]) -> bool:
        """Say whether this file keeps different kinds of imports without blank lines between them."""
        return any(self._key_of(one)[0] != self._key_of(two)[0] and two.lineno == (one.end_lineno or one.lineno) + 1 for one, two in itertools.pairwise(held))

    def _after(self, node: ast.stmt) -> int:
        end = self.module.text.find("\n", self.module.span(node)[1])
        return end + 1 if end >= 0 else len(self.module.text)

    def _first(self, lines: list[str]) -> Edit:
        """Return the edit that gives a file its first imports: below the docstring, the future imports and the file's head."""
        body = self.module.tree.body
        head = [node for number, node in enumerate(body) if _is_head(node, number)]
        text = "".join(line + "\n" for line in lines)
        if head:
            following = body[len(head)] if len(body) > len(head) else None
            at = self._after(head[-1])
            gap = self.module.text[at : self.module.span(following)[0]] if following is not None else "\n"
            separate = "" if gap.startswith(("\n", "\r\n")) or following is None else "\n"
            return Edit(at, at, "\n" + text + separate)
        at = _below_comments(self.module)
        following = body[0] if body else None
        definition = isinstance(following, (*FUNCTIONS, ast.ClassDef))
        return Edit(at, at, text + ("\n\n" if definition else "\n"))


def joined(edits: Iterable[tuple[Module, Edit]]) -> list[tuple[Module, Edit]]:
    """Return the edits with each file's made into one, where an import comes or goes besides a change further down.

    The check of edits compares lists of statements by their ends, and takes what stands between two changes for changed.
    """
    by_module: dict[Module, list[Edit]] = {}
    for module, edit in edits:
        by_module.setdefault(module, []).append(edit)
    found: list[tuple[Module, Edit]] = []
    for module, items in by_module.items():
        ordered = sorted(set(items))
        if len(ordered) < 2 or any(two.start < one.end for one, two in itertools.pairwise(ordered)):
            found += [(module, item) for item in items]
            continue
        at, parts = ordered[0].start, []
        for item in ordered:
            parts += [module.text[at : item.start].replace("\r\n", "\n"), item.text]
            at = item.end
        end = next((end for node in module.tree.body if (end := module.span(node)[1]) >= at and _opening(module, node) <= at), at)
        parts.append(module.text[at:end].replace("\r\n", "\n"))
        found.append((module, Edit(ordered[0].start, end, "".join(parts))))
    return found


def _opening(module: Module, node: ast.stmt) -> int:
    """Return where a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([module.span(node)[0], *(module.span(item)[0] for item in decorators)])


def local_import(module: Module, function: FunctionNode, text: str) -> Edit | None:
    """Return the edit that puts an import at the top of a function's body, or None where the body shares the `def`'s line."""
    body = function.body
    has_docstring = _is_docstring(body[0])
    first = body[1] if has_docstring and len(body) > 1 else body[0]
    indent = module.own_indent(first)
    if indent is None:
        return None
    decorated = getattr(first, "decorator_list", [])
    line = min([first.lineno, *(item.lineno for item in decorated)])
    if has_docstring and len(body) == 1:
        end = module.span(first)[1]
        return Edit(end, end, f"\n{indent}{text}")
    at = module.line_start(line)
    return Edit(at, at, f"{indent}{text}\n")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_head(node: ast.stmt, number: int) -> bool:
    return (number == 0 and _is_docstring(node)) or (isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level)


def _below_comments(module: Module) -> int:
    """Return the offset below the comments that open a file and are set off from its first statement."""
    row = 0
    while row < len(module.lines) and module.lines[row].startswith("#"):
        row += 1
    if row < len(module.lines) and row and not module.lines[row].strip():
        return module.line_start(min(row + 2, len(module.lines)))
    row = 0
    while row < len(module.lines) and module.lines[row].startswith(("#!", "# -*-", "# coding")):
        row += 1
    return module.line_start(row + 1)


def _alias_span(module: Module, item: ast.alias) -> tuple[int, int]:
    assert item.end_lineno is not None
    assert item.end_col_offset is not None
    return module.offset(item.lineno, item.col_offset), module.offset(item.end_lineno, item.end_col_offset)


def _order(name: str) -> tuple[int, str]:
    """Constants, classes, functions, each by name: how isort and ruff order the names of one import."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _extend(module: Module, held: list[ast.alias], names: Iterable[str]) -> Iterator[Edit]:
    """Yield the edits that add names to the old ones of a `from … import`, in order where those are in order."""
    old = [item.name for item in held]
    in_order = old == sorted(old, key=_order)
    for name in sorted(names, key=_order):
        following = next((item for item in held if _order(item.name) > _order(name)), None) if in_order else None
        if following is not None:
            start = _alias_span(module, following)[0]
            row = module.text[module.text.rfind("\n", 0, start) + 1 : start]
            yield Edit(start, start, f"{name},\n{row}" if not row.strip() else f"{name}, ")
            continue
        start, end = _alias_span(module, held[-1])
        row = module.text[module.text.rfind("\n", 0, start) + 1 : start]
        yield Edit(end, end, f",\n{row}{name}" if not row.strip() else f", {name}")
