"""What differs between two texts of a module, definition by definition; what cannot be changed live is refused here."""

from __future__ import annotations

import ast

from .source import Refused, Source, Statement, pair, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional, Tuple

    Key = Tuple[Any, ...]

RESTART = "restart the program for it"
_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Change:
    """One definition that differs: `what` is function, class, assign, import or doc; `how` is changed, added or removed.

    `owner` is the path of the class that holds it, empty for the module; `old` and `new` are its statements.
    """

    def __init__(self, what: str, how: str, owner: tuple[str, ...], names: tuple[str, ...], old: Optional[Statement], new: Optional[Statement]) -> None:
        self.what, self.how, self.owner, self.names = what, how, owner, names
        self.old, self.new = old, new

    @property
    def qualname(self) -> str:
        """The qualified name within the module."""
        return ".".join([*self.owner, self.names[0] if self.names else "__doc__"])


class Comparison:
    """All changes of one module, and which code takes the place of which."""

    def __init__(self, base: Source, new: Source) -> None:
        self.changes: list[Change] = []
        self.pairs: dict[CodeType, CodeType] = {}
        self.lost: list[CodeType] = []
        self.notes: list[str] = []
        self.decorated: set[tuple[str, ...]] = set()
        self.known: set[tuple[str, ...]] = set()  # what the old text defines
        if base.flags != new.flags:
            raise Refused(f"The __future__ imports of {new.filename} changed, which changes all of its code: {RESTART}.")
        self._bodies((), base.statements(), new.statements())
        order = {id(change): position for position, change in enumerate(self.changes)}
        self.changes.sort(key=lambda change: (change.new is None, _line(change), order[id(change)]))

    def _bodies(self, owner: tuple[str, ...], old: list[Statement], new: list[Statement]) -> None:
        before, after = _keyed(old, owner), _keyed(new, owner)
        _check_kinds(owner, before, after)
        self.known.update((*owner, name) for key in before for name in _names(key))
        for key, statement in after.items():
            if key not in before:
                self._alone("added", owner, key, statement)
        kept = {name for key in after for name in _names(key)}
        for key, statement in before.items():
            other = after.get(key)
            if other is None:
                if kept.intersection(_names(key)):
                    raise Refused(f"One of several definitions of {'.'.join([*owner, *_names(key)])} was removed: {RESTART}.")
                self._alone("removed", owner, key, statement)
            elif statement.dump == other.dump:
                for one, two in zip(statement.codes, other.codes):  # noqa: B905
                    pair(one, two, self.pairs, self.lost)
            else:
                self._changed(owner, key, statement, other)

    def _changed(self, owner: tuple[str, ...], key: Key, old: Statement, new: Statement) -> None:
        what = key[0]
        if what == "def":
            self.changes.append(Change("function", "changed", owner, (key[1],), old, new))
            pair(old.own_code(), new.own_code(), self.pairs, self.lost)
        elif what == "class":
            self._class(owner, old, new)
        elif what == "assign":
            self.changes.append(Change("assign", "changed", owner, key[1], old, new))
        elif what == "doc":
            self.changes.append(Change("doc", "changed", owner, (), old, new))
        elif what == "main":
            self.notes.append('What stands under `if __name__ == "__main__"` takes effect when the program is next started.')

    def _class(self, owner: tuple[str, ...], old: Statement, new: Statement) -> None:
        one, two = old.node, new.node
        if not isinstance(one, ast.ClassDef) or not isinstance(two, ast.ClassDef):
            raise Refused(f"{'.'.join(owner)} changed its kind: {RESTART}.")
        path = (*owner, one.name)
        for field, words in (
            ("bases", "bases"),
            ("keywords", "metaclass or class arguments"),
            ("decorator_list", "decorators"),
            ("type_params", "type parameters"),
        ):
            if _dumps(getattr(one, field, [])) != _dumps(getattr(two, field, [])):
                raise Refused(f"The {words} of class {'.'.join(path)} changed, which live instances cannot follow: {RESTART}.")
        if one.decorator_list:
            self.decorated.add(path)
        self._bodies(path, statements(one.body, old.own_code()), statements(two.body, new.own_code()))

    def _alone(self, how: str, owner: tuple[str, ...], key: Key, statement: Statement) -> None:
        what = key[0]
        old, new = (None, statement) if how == "added" else (statement, None)
        if what == "def":
            self.changes.append(Change("function", how, owner, (key[1],), old, new))
        elif what == "class":
            self.changes.append(Change("class", how, owner, (key[1],), old, new))
        elif what == "assign":
            self.changes.append(Change("assign", how, owner, key[1], old, new))
        elif what == "import":
            if owner:
                raise Refused(f"An import in the body of class {'.'.join(owner)} changed: {RESTART}.")
            if how == "added":
                self.changes.append(Change("import", how, owner, _bound(statement.node), old, new))
        elif what == "doc":
            self.changes.append(Change("doc", how, owner, (), old, new))
        elif what == "main":
            self.notes.append('What stands under `if __name__ == "__main__"` takes effect when the program is next started.')
        elif what == "other":
            where = f"in class {'.'.join(owner)}" if owner else "at the top of the module"
            raise Refused(f"The statement {where} on line {statement.node.lineno} was {how}, and it runs only when the module is imported: {RESTART}.")


def _line(change: Change) -> int:
    statement = change.new or change.old
    return statement.node.lineno if statement is not None else 0


def _dumps(nodes: list[ast.AST]) -> list[str]:
    return [ast.dump(node) for node in nodes]


def _bound(node: ast.stmt) -> tuple[str, ...]:
    names = node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else []
    return tuple(alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name) for alias in names)


def assigned(node: ast.stmt) -> Optional[tuple[str, ...]]:
    """Return the names that a simple assignment binds, None for every other statement."""
    if isinstance(node, ast.AnnAssign):
        return (node.target.id,) if isinstance(node.target, ast.Name) else None
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


def _key(node: ast.stmt, position: int, owner: tuple[str, ...]) -> Optional[Key]:
    if isinstance(node, _DEFS):
        return ("def", node.name, *_dumps(list(node.decorator_list)))
    if isinstance(node, ast.ClassDef):
        return ("class", node.name)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return ("import", ast.dump(node))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return ("doc",) if position == 0 and isinstance(node.value.value, str) else None
    if isinstance(node, ast.Pass):
        return None
    names = assigned(node)
    if names:
        return ("assign", names)
    if isinstance(node, ast.If) and not owner:
        if ast.dump(node.test) in _TYPING and not node.orelse:
            return None
        if ast.dump(node.test) in _MAIN:
            return ("main",)
    return ("other", ast.dump(node))


def _expressions(*texts: str) -> set[str]:
    return {ast.dump(ast.parse(text, mode="eval").body) for text in texts}


_TYPING = _expressions("TYPE_CHECKING", "typing.TYPE_CHECKING")
_MAIN = _expressions("__name__ == '__main__'", "'__main__' == __name__")


def _keyed(body: list[Statement], owner: tuple[str, ...]) -> dict[Key, Statement]:
    """Give each statement a key under which its counterpart has the same; repeated ones are told apart by their order."""
    found: dict[Key, Statement] = {}
    for position, statement in enumerate(body):
        key = _key(statement.node, position, owner)
        if key is None:
            continue
        ordinal = 0
        while (*key, ordinal) in found:
            ordinal += 1
        found[(*key, ordinal)] = statement
    return found


def _check_kinds(owner: tuple[str, ...], before: dict[Key, Statement], after: dict[Key, Statement]) -> None:
    """Refuse where a name is bound in another way than before: by other decorators, or as something else."""
    gone = {name: key for key in before if key not in after for name in _names(key)}
    for key in after:
        if key in before:
            continue
        for name in _names(key):
            was = gone.get(name)
            if was is not None:
                words = "The decorators of" if was[0] == key[0] == "def" else "The kind of"
                raise Refused(f"{words} {'.'.join([*owner, name])} changed, and what they made cannot be made again live: {RESTART}.")


def _names(key: Key) -> tuple[str, ...]:
    if key[0] in ("def", "class"):
        return (key[1],)
    return key[1] if key[0] == "assign" else ()
