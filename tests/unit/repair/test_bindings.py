"""To which binding a name refers, by Python's own scoping rules."""

from __future__ import annotations

import ast
import symtable

import pytest

from nexoide.repair.code.bindings import owner, scopes, unbound_uses, uses
from nexoide.repair.code.source import Module

TEXT = b"""
import os
from re import sub as replace
LIMIT = 1


class Table:
    SIZE = 3
    rows = [cell * SIZE for cell in range(SIZE)]

    def fill(self, start=SIZE):
        global LIMIT
        LIMIT = 2
        found = [last := item for item in self.rows]
        try:
            os.remove("x")
        except OSError as error:
            print(error)
        return lambda extra=found: (extra, last, SIZE, LIMIT)


def outer():
    count = 0

    def inner():
        nonlocal count
        count += 1
        return count

    match inner:
        case {"a": part, **rest}:
            return part, rest
    return count
"""


def named(name: str, line: int) -> tuple[Module, ast.Name]:
    module = Module("a.py", TEXT)
    return module, next(node for node, _ in scopes(module).names if node.id == name and node.lineno == line)


def line(text: str, occurrence: int = 1) -> int:
    found = [number for number, row in enumerate(TEXT.decode().split("\n"), 1) if text in row]
    return found[occurrence - 1]


@pytest.mark.parametrize(
    ("name", "at", "kind"),
    [
        ("SIZE", "def fill", "ClassDef"),  # a default is evaluated in the class body
        ("LIMIT", "LIMIT = 2", "Module"),  # declared global
        ("LIMIT", "return lambda", "Module"),
        ("last", "return lambda", "FunctionDef"),  # := in a comprehension binds outside it
        ("extra", "return lambda", "Lambda"),
        ("found", "return lambda", "FunctionDef"),  # a lambda's default is evaluated outside it
        ("error", "print(error)", "FunctionDef"),
        ("os", "os.remove", "Module"),
        ("count", "count += 1", "FunctionDef"),
        ("rest", "return part", "FunctionDef"),
        ("item", "found = ", "ListComp"),
    ],
)
def test_the_scope_that_a_name_means(name, at, kind):
    module, node = named(name, line(at))
    found = owner(scopes(module).inside(module, node), name)
    assert found is not None
    assert type(found.node).__name__ == kind


@pytest.mark.parametrize(("name", "at"), [("SIZE", "return lambda"), ("print", "print(error)")])
def test_a_name_that_nothing_binds_there(name, at):
    module, node = named(name, line(at))
    assert owner(scopes(module).inside(module, node), name) is None
    assert node in unbound_uses(module, name)


def test_a_comprehension_sees_the_class_body_in_its_first_iterable_alone():
    module = Module("a.py", TEXT)
    rows = [node for node, _ in scopes(module).names if node.id == "SIZE" and node.lineno == line("rows = [")]
    owners = {node.col_offset: owner(scopes(module).inside(module, node), "SIZE") for node in rows}
    first, second = (owners[column] for column in sorted(owners))
    assert first is None
    assert second is not None
    assert second.is_class


def test_uses_are_those_of_one_binding():
    module = Module("a.py", b"x = 1\n\n\ndef f(x):\n    return x\n\n\nprint(x)\n")
    found = uses(module, scopes(module).top, "x")
    assert [node.lineno for node in found] == [1, 8]


def test_functions_bind_what_the_compiler_says_they_bind():
    module = Module("a.py", TEXT)
    table = symtable.symtable(TEXT.decode(), "a.py", "exec")
    pending = [table]
    seen: dict[tuple[str, int], set[str]] = {}
    while pending:
        item = pending.pop()
        pending += item.get_children()
        if item.get_type() == "function" and item.get_name() in ("fill", "outer", "inner"):
            seen[item.get_name(), item.get_lineno()] = {symbol.get_name() for symbol in item.get_symbols() if symbol.is_local()}
    assert len(seen) == 3
    for node, scope in scopes(module).of.items():
        if isinstance(node, ast.FunctionDef):
            assert set(scope.bound) - scope.globals - scope.nonlocals == seen[node.name, node.lineno]
