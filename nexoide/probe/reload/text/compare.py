"""What differs between two texts of a module, definition by definition."""

from __future__ import annotations
import __future__

import ast
import copy

from .lambdas import paired
from .source import Pairs, Refused, Source, Statement, blocks, moved_only

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Optional, Tuple

    Key = Tuple[Any, ...]
    Path = Tuple[str, ...]

RESTART = "restart the program for it"
DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS: tuple[type[ast.AST], ...] = tuple(
    getattr(ast, name) for name in ("If", "Try", "TryStar", "With", "AsyncWith", "For", "AsyncFor", "While") if hasattr(ast, name)
)
_DEFINITIONS = (*DEFS, ast.ClassDef)
_HEADERS = ("bases", "keywords", "decorator_list", "type_params")


class Change:
    """One definition that differs.

    `what` is function, class, assign, import, doc, lambda or statement; `how` is changed, added, removed, redecorated or
    renamed. `owner` is the path of the class that holds it, empty for the module; `old` and `new` are its statements;
    `last` says whether it is what its name is bound to in the end; `chain` are all definitions of its name, where each
    builds on the one before (a property and its setter); `pair` belongs to a class that is in both texts.
    """

    def __init__(self, what: str, how: str, owner: Path, names: tuple[str, ...], old: Optional[Statement], new: Optional[Statement]) -> None:
        self.what, self.how, self.owner, self.names = what, how, owner, names
        self.old, self.new = old, new
        self.last = True
        self.chain: list[Statement] = []
        self.pair: Optional[ClassPair] = None

    @property
    def qualname(self) -> str:
        """The qualified name within the module."""
        last = ", ".join(self.names) if self.names else "__doc__" if self.what == "doc" else f"line {self.line}"
        return ".".join([*self.owner, last])

    @property
    def line(self) -> int:
        """Where it stands in the new text; in the old one where it is gone from the new."""
        statement = self.new or self.old
        return int(statement.node.lineno) if statement is not None else 0

    @property
    def conditional(self) -> bool:
        """Whether it stands in a block that may not have run."""
        statement = self.new or self.old
        return statement is not None and statement.conditional


class ClassPair:
    """A class of both texts: which parts of its header differ, and the changes of its own body."""

    def __init__(self, path: Path, old: Statement, new: Statement, header: set[str]) -> None:
        self.path, self.old, self.new, self.header = path, old, new, header
        self.changes: list[Change] = []

    @property
    def old_node(self) -> ast.ClassDef:
        """The old class statement."""
        assert isinstance(self.old.node, ast.ClassDef)
        return self.old.node

    @property
    def new_node(self) -> ast.ClassDef:
        """The new class statement."""
        assert isinstance(self.new.node, ast.ClassDef)
        return self.new.node


class Comparison:
    """All changes of one module, and which code takes the place of which."""

    def __init__(self, base: Source, new: Source) -> None:
        self.base, self.new = base, new
        self.pairs = Pairs()
        self.classes: list[ClassPair] = []
        self.notes: list[str] = []
        self.known: set[Path] = set()  # what the old text defines
        self.defined: set[Path] = set()  # what the new text defines
        if (base.flags ^ new.flags) & ~__future__.annotations.compiler_flag:
            raise Refused(f"The __future__ imports of {new.filename} changed, which changes all of its code: {RESTART}.")
        self.reflagged = base.flags != new.flags  # annotations became, or are no longer, mere text
        self.changes = self._bodies((), base.statements(), new.statements())

    def every(self) -> list[Change]:
        """Return the changes of the module and of all its classes."""
        return [*self.changes, *(change for pair in self.classes for change in pair.changes)]

    def _bodies(self, owner: Path, old: list[Statement], new: list[Statement]) -> list[Change]:
        changes: list[Change] = []
        self.known.update((*owner, name) for statement in old for name in names_of(statement.node))
        self.defined.update((*owner, name) for statement in new for name in names_of(statement.node))
        gone, come = self._equal(old, new)
        for key in (_exact_key, _loose_key, _block_key):
            gone, come = self._matched(owner, gone, come, key, changes)
        gone, come = self._renamed(owner, gone, come, changes)
        for statement in come:
            changes += self._alone("added", owner, statement)
        for statement in gone:
            changes += self._alone("removed", owner, statement)
        _settle_names(changes, new)
        return sorted(changes, key=lambda change: (change.new is None, change.line))

    def _equal(self, old: list[Statement], new: list[Statement]) -> tuple[list[Statement], list[Statement]]:
        """Pair the codes of statements that are the same; returns those that are in one text alone."""
        texts: dict[str, list[Statement]] = {}
        for statement in old:
            texts.setdefault(statement.text, []).append(statement)
        come = []
        used: set[int] = set()
        for statement in new:
            same = texts.get(statement.text)
            if same and not (self.reflagged and isinstance(statement.node, _DEFINITIONS)):
                used.add(id(same[0]))
                self.pairs.add_all(same.pop(0).codes, statement.codes)
            else:
                come.append(statement)
        gone = [statement for statement in old if id(statement) not in used]
        if not gone or not come:
            return gone, come
        dumps: dict[str, list[Statement]] = {}
        for statement in gone:
            if not isinstance(statement.node, _DEFINITIONS):
                dumps.setdefault(statement.dump, []).append(statement)
        left = []
        for statement in come:
            same = dumps.get(statement.dump) if not isinstance(statement.node, _DEFINITIONS) else None
            if same:
                used.add(id(same[0]))
                self.pairs.add_all(same.pop(0).codes, statement.codes)
            else:
                left.append(statement)
        return [statement for statement in gone if id(statement) not in used], left

    def _matched(self, owner: Path, gone: list[Statement], come: list[Statement], key: Any, changes: list[Change]) -> tuple[list[Statement], list[Statement]]:
        """Take out the statements of the two texts that are the same definition under `key`, noting how they differ."""
        before: dict[Key, list[Statement]] = {}
        for statement in gone:
            name = key(statement.node)
            if name is not None:
                before.setdefault(name, []).append(statement)
        used: set[int] = set()
        left = []
        for statement in come:
            same = before.get(key(statement.node))
            if same:
                used.add(id(same[0]))
                changes += self._changed(owner, same.pop(0), statement)
            else:
                left.append(statement)
        return [statement for statement in gone if id(statement) not in used], left

    def _changed(self, owner: Path, old: Statement, new: Statement) -> list[Change]:
        one, two = old.node, new.node
        names = names_of(two)
        if isinstance(one, DEFS) and isinstance(two, DEFS):
            self.pairs.add(old.own_code(), new.own_code())
            self.pairs.add_all([code for code in old.codes if code is not old.own_code()], [code for code in new.codes if code is not new.own_code()])
            if _as_before(one, two, old, new) and not (self.reflagged and _annotated(two)):
                return []
            how = "changed" if old.head == new.head or _dumps(one.decorator_list) == _dumps(two.decorator_list) else "redecorated"
            return [Change("function", how, owner, names, old, new)]
        if isinstance(one, ast.ClassDef) and isinstance(two, ast.ClassDef):
            change = self._class(owner, old, new)
            return [change] if change.pair is not None and (change.pair.header or change.pair.changes) else []
        if _is_typing(two) and _is_typing(one):
            return []
        if _is_main(one) and _is_main(two):
            self.notes.append(_MAIN_NOTE)
            return []
        if isinstance(two, _BLOCKS) and type(one) is type(two) and _header(one) == _header(two):
            return self._blocks(owner, old, new)
        if not isinstance(two, (ast.Import, ast.ImportFrom)) and shape(one) == shape(two):
            self.pairs.add_all(old.codes, new.codes)
            return [Change("lambda", "changed", owner, names, old, new)]
        if is_doc(one) and is_doc(two):
            return [Change("doc", "changed", owner, (), old, new)]
        for before, after in paired(one, two, old.codes, new.codes):
            self.pairs.add_all([before], [after])
        return [Change("assign" if names else "statement", "changed", owner, names, old, new)]

    def _blocks(self, owner: Path, old: Statement, new: Statement) -> list[Change]:
        changes = []
        for before, after in zip(blocks(self.base, old), blocks(self.new, new)):  # noqa: B905
            changes += self._bodies(owner, before, after)
        if all(change.what in ("function", "class", "lambda") and change.how == "changed" for change in changes):
            return changes
        return [Change("statement", "changed", owner, (), old, new)]  # which branch ran, and how often, is not known from here

    def _class(self, owner: Path, old: Statement, new: Statement) -> Change:
        one, two = old.node, new.node
        assert isinstance(one, ast.ClassDef)
        assert isinstance(two, ast.ClassDef)
        path = (*owner, one.name)
        header = {field.replace("decorator_list", "decorators") for field in _HEADERS if _dumps(getattr(one, field, [])) != _dumps(getattr(two, field, []))}
        pair = ClassPair(path, old, new, header)
        change = Change("class", "changed", owner, (one.name,), old, new)
        change.pair = pair
        before, after = old.own_code(), new.own_code()
        place = len(self.classes)
        pair.changes = self._bodies(path, self.base.cut(one.body, before, old.conditional), self.new.cut(two.body, after, new.conditional))
        if pair.header or pair.changes:
            self.classes.insert(place, pair)
        self.pairs.add_all([code for code in old.codes if code is not before], [code for code in new.codes if code is not after])
        return change

    def _renamed(self, owner: Path, gone: list[Statement], come: list[Statement], changes: list[Change]) -> tuple[list[Statement], list[Statement]]:
        """Take out the functions that have another name and are otherwise the same."""
        bodies = {_body(statement.node): statement for statement in gone if isinstance(statement.node, DEFS) and not statement.node.decorator_list}
        used: set[int] = set()
        left = []
        for statement in come:
            same = bodies.pop(_body(statement.node), None) if isinstance(statement.node, DEFS) and not statement.node.decorator_list else None
            taken = any((*owner, name) in self.known for name in names_of(statement.node))
            if same is None or taken or same.own_code().co_freevars != statement.own_code().co_freevars:
                left.append(statement)
                continue
            used.add(id(same))
            self.pairs.add(same.own_code(), statement.own_code())
            changes.append(Change("function", "renamed", owner, names_of(statement.node), same, statement))
        return [statement for statement in gone if id(statement) not in used], left

    def _alone(self, how: str, owner: Path, statement: Statement) -> list[Change]:
        old, new = (None, statement) if how == "added" else (statement, None)
        node = statement.node
        names = names_of(node)
        if isinstance(node, ast.Pass) or _is_typing(node):
            return []
        if _is_main(node):
            self.notes.append(_MAIN_NOTE)
            return []
        what = "statement"
        if isinstance(node, DEFS):
            what = "function"
        elif isinstance(node, ast.ClassDef):
            what = "class"
        elif isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return []
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            what = "import"
        elif is_doc(node):
            if owner and statement.node.col_offset == 0:
                return []
            what, names = "doc", ()
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return []
        elif names:
            what = "assign"
        return [Change(what, how, owner, names, old, new)]


def _as_before(one: Any, two: Any, old: Statement, new: Statement) -> bool:
    """Tell whether only the layout of a function changed."""
    if one.name != two.name or not moved_only(old.own_code(), new.own_code()):
        return False
    headers = [_dumps([*node.decorator_list, node.args, *getattr(node, "type_params", ()), *([node.returns] if node.returns else [])]) for node in (one, two)]
    return headers[0] == headers[1]


def _annotated(node: Any) -> bool:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return node.returns is not None or any(argument is not None and argument.annotation is not None for argument in every)


def _settle_names(changes: list[Change], new: list[Statement]) -> None:
    """Find out which change decides what its name is bound to, and which definitions build on each other."""
    defined: dict[str, list[Statement]] = {}
    for statement in new:
        for name in names_of(statement.node):
            defined.setdefault(name, []).append(statement)
    for change in changes:
        if not change.names:
            continue
        mine = defined.get(change.names[0], [])
        if change.new is not None and not change.conditional:
            change.last = not mine or mine[-1] is change.new
        elif change.new is None and mine:
            change.last = False
        if change.what == "function" and change.how != "changed" and len(mine) > 0:
            statements = [*mine, *([change.old] if change.old is not None else [])]
            if any(_refers(statement.node, change.names[0]) for statement in statements):
                change.chain = mine


def _refers(node: ast.stmt, name: str) -> bool:
    """Tell whether a decorator of a definition builds on the one of the same name before it, as `@x.setter` does."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return any(isinstance(item, ast.Name) and item.id == name for decorator in decorators for item in ast.walk(decorator))


def _dumps(nodes: Iterable[ast.AST]) -> list[str]:
    return [ast.dump(node) for node in nodes]


def _body(node: ast.stmt) -> str:
    assert isinstance(node, DEFS)
    bare = copy.copy(node)
    bare.name = "_"
    return ast.dump(bare)


def names_of(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that a statement binds: of a definition, an import or a simple assignment, none for every other."""
    if isinstance(node, (*DEFS, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, ast.Import):
        return tuple(alias.asname or alias.name.split(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return tuple(alias.asname or alias.name for alias in node.names)
    return assigned(node) or ()


def assigned(node: ast.stmt) -> Optional[tuple[str, ...]]:
    """Return the names that a simple assignment binds, None for every other statement."""
    if isinstance(node, ast.AnnAssign):
        return (node.target.id,) if isinstance(node.target, ast.Name) else None
    if type(node).__name__ == "TypeAlias":
        return (str(node.name.id),)  # type: ignore[attr-defined]
    if not isinstance(node, ast.Assign):
        return None
    names: list[str] = []
    for target in node.targets:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for part in parts:
            if not isinstance(part, ast.Name):
                return None
            names.append(part.id)
    return tuple(names)


def is_doc(node: ast.AST) -> bool:
    """Tell whether a statement is a bare string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _exact_key(node: ast.stmt) -> Optional[Key]:
    if isinstance(node, DEFS):
        return ("def", node.name, *_dumps(node.decorator_list))
    return _loose_key(node) if not isinstance(node, _BLOCKS) else (type(node).__name__, _header(node))


def _loose_key(node: ast.stmt) -> Optional[Key]:
    if isinstance(node, DEFS):
        return ("def", node.name)
    if isinstance(node, ast.ClassDef):
        return ("class", node.name)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return None
    if is_doc(node):
        return ("doc",)
    names = assigned(node)
    if names:
        return ("assign", names)
    return ("shape", shape(node)) if not isinstance(node, _BLOCKS) else None


def _block_key(node: ast.stmt) -> Optional[Key]:
    if _is_main(node) or _is_typing(node):
        return ("main" if _is_main(node) else "typing",)
    if isinstance(node, _BLOCKS):
        return (type(node).__name__,)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ("call", ast.dump(node.value.func))
    if isinstance(node, ast.Assign):
        return ("store", *_dumps(node.targets))
    if isinstance(node, ast.AugAssign):
        return ("augmented", ast.dump(node.target))
    return None


def _header(node: ast.stmt) -> str:
    """Return what stands before the colons of a block: everything but its bodies."""
    bare: Any = copy.copy(node)
    for field in ("body", "orelse", "finalbody"):
        if hasattr(bare, field):
            setattr(bare, field, [])
    if getattr(bare, "handlers", None):
        bare.handlers = [ast.ExceptHandler(type=handler.type, name=handler.name, body=[]) for handler in bare.handlers]
    return ast.dump(bare) + str([bool(getattr(node, field, None)) for field in ("orelse", "finalbody")])


_NO_ARGUMENTS = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


class _Blank(ast.NodeTransformer):
    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        if not node.args.defaults and not node.args.kw_defaults:
            node.body, node.args = ast.Constant(value=0), _NO_ARGUMENTS
        else:
            node.body = ast.Constant(value=0)
        return node


def shape(node: ast.AST) -> str:
    """Return a statement as text with the bodies of its lambdas left out: those are code, which can be swapped."""
    if not any(isinstance(item, ast.Lambda) for item in ast.walk(node)):
        return ast.dump(node)
    return ast.dump(_Blank().visit(copy.deepcopy(node)))


def _expressions(*texts: str) -> set[str]:
    return {ast.dump(ast.parse(text, mode="eval").body) for text in texts}


_TYPING = _expressions("TYPE_CHECKING", "typing.TYPE_CHECKING", "t.TYPE_CHECKING")
_MAIN = _expressions("__name__ == '__main__'", "'__main__' == __name__")
_MAIN_NOTE = 'What stands under `if __name__ == "__main__"` takes effect when the program is next started.'


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and not node.orelse and ast.dump(node.test) in _TYPING


def _is_main(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.dump(node.test) in _MAIN
