"""Classes of running programs: what their members become, what they are computed from, where they move."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.unit.probe.reload_hunt_classes.player import play

KINDS = """
class A:
    @staticmethod
    def s(x): return x
    @classmethod
    def c(cls, x): return x
    def i(self, x): return x
    @staticmethod
    def t(x): return x
"""
OTHER_KINDS = """
class A:
    @classmethod
    def s(cls, x): return cls.__name__, x
    @staticmethod
    def c(x): return x * 2
    @classmethod
    def i(cls, x): return cls.__name__, x
    def t(self, x): return x * 3
"""
FIELDS = """
class Field:
    def __init__(self, default=None): self.default = default
    def __set_name__(self, owner, name):
        self.name = name
        owner.fields = {**getattr(owner, "fields", {}), name: self}
    def __get__(self, one, kind=None): return self if one is None else one.__dict__.get(self.name, self.default)
    def __set__(self, one, value): one.__dict__[self.name] = value
class User:
    age = Field(3)
"""
CLOSER = """
from collections.abc import Sized
from typing import Protocol, runtime_checkable
@runtime_checkable
class Closer(Protocol):
    def close(self): ...
class Door:
    def shut(self): return 1
"""
RETRY = """
import functools
def retry(n):
    def decorate(function):
        @functools.wraps(function)
        def inner(self, x): return (1, n, function(self, x))
        return inner
    return decorate
"""
BOX = """
class Box[T]:
    def __init__(self, value: T): self.value = value
    def kind(self): return 1
    class Lid:
        def kind(self): return 1
"""
BOX_KINDS = """
class Box[T]:
    def __init__(self, value: T, more: T = None): self.value = value
    def kind(self): return T
    def again(self) -> T: return Box(self.value)
    class Lid:
        def kind(self): return T
"""


def test_who_holds_a_method_calls_what_it_became(python: str, tmp_path: Path) -> None:
    """A bound method that became a static or class one is called in the new way; where it cannot be, the old one stays, and that is said."""
    new = """
        assert (s(1), c(1), i(1), t(1)) == (("A", 1), 2, ("A", 1), 1), (s(1), c(1), i(1), t(1))
        assert any("m.A.t" in note and "keeps the old one" in note for note in report.notes)
    """
    old = "assert (s(1), c(1), i(1), t(1)) == (1, 1, 1, 1)"
    play(python, tmp_path, {"m.py": KINDS}, {"m.py": OTHER_KINDS}, "import m; a = m.A(); s, c, i, t = a.s, a.c, a.i, a.t", new, old)


def test_a_descriptor_as_its_text_made_it_is_replaced(python: str, tmp_path: Path) -> None:
    """A field's default changes in live instances; what its `__set_name__` did to the class follows, and goes back."""
    new = "assert u.age == 4 and m.User.fields['age'] is m.User.age"
    old = "assert u.age == 3 and m.User.fields['age'] is m.User.age"
    play(python, tmp_path, {"m.py": FIELDS}, {"m.py": FIELDS.replace("Field(3)", "Field(default=4)")}, "import m; u = m.User()", new, old)


def test_a_descriptor_with_state_is_not(edge: str, tmp_path: Path) -> None:
    """A descriptor that counts would lose its count."""
    files, edit = {"m.py": FIELDS}, {"m.py": FIELDS.replace("Field(3)", "Field(4)")}
    play(edge, tmp_path, files, edit, "import m; m.User.age.seen = 7", "", "assert m.User.age.seen == 7 and m.User().age == 3", fails="state")


def test_abstract_classes_are_asked_anew(python: str, tmp_path: Path) -> None:
    """What a protocol or `Sized` answered before holds neither after a method came nor after it went again."""
    edit = CLOSER + "    def close(self): return 1\n    def __len__(self): return 1\n"
    fits = "isinstance(d, m.Closer), issubclass(m.Door, m.Closer), isinstance(d, m.Sized)"
    play(python, tmp_path, {"m.py": CLOSER}, {"m.py": edit}, "import m; d = m.Door()", f"assert all([{fits}])", f"assert not any([{fits}])")


def test_a_decorator_and_what_it_decorates_change_together(python: str, tmp_path: Path) -> None:
    """A method that is decorated anew by a decorator that changes as well gets the new wrapper, for who holds it too."""
    text = "from u import retry\nclass A:\n    @retry(3)\n    def f(self, x): return x\n"
    files = {"u.py": RETRY, "a.py": text}
    edit = {"u.py": RETRY.replace("(1, n", "(2, n"), "a.py": text.replace("retry(3)", "retry(5)").replace("return x", "return -x")}
    new, old = "assert h(1) == a.A().f(1) == (2, 5, -1), h(1)", "assert h(1) == a.A().f(1) == (1, 3, 1)"
    play(python, tmp_path, files, edit, "import a; h = a.A().f", new, old)


def test_what_a_class_body_computes_from_its_lists(python: str, tmp_path: Path) -> None:
    """An attribute that is computed from a list of the class follows the list."""
    text = 'class A:\n    names = ["a"]\n    places = {n: i for i, n in enumerate(names)}\n'
    new, old = "assert a.places == {'a': 0, 'b': 1}, a.places", "assert a.places == {'a': 0}"
    play(python, tmp_path, {"m.py": text}, {"m.py": text.replace('["a"]', '["a", "b"]')}, "import m; a = m.A()", new, old)


def test_a_class_that_moves_takes_its_instances_along(python: str, tmp_path: Path) -> None:
    """Instances and subclasses of a class that another module has now are those of the new one."""
    files = {
        "old.py": "class Tool:\n    def use(self): return 1\n",
        "new.py": "X = 1\n",
        "app.py": "import old\nclass Saw(old.Tool): pass\nt = [old.Tool(), Saw()]\n",
    }
    edit = {"old.py": "from new import Tool\n", "new.py": "X = 1\nclass Tool:\n    def use(self): return 2\n"}
    new = "assert [(t.use(), isinstance(t, app.old.Tool), isinstance(t, new.Tool)) for t in app.t] == [(2, True, True)] * 2"
    old = "assert [(t.use(), isinstance(t, app.old.Tool)) for t in app.t] == [(1, True)] * 2"
    play(python, tmp_path, files, edit, "import app, new", new, old)


def test_instances_of_a_class_that_is_gone_are_named(edge: str, tmp_path: Path) -> None:
    """Instances that stay behind with old code are said to."""
    text = "class Tool:\n    def use(self): return 1\ndef make(): return Tool()\n"
    files, edit = {"m.py": text}, {"m.py": text.replace("Tool", "Saw").replace("return 1", "return 2")}
    new = "assert m.make().use() == 2 and any('of m.Tool keep' in note for note in report.notes), report.notes"
    play(
        edge,
        tmp_path,
        files,
        edit,
        "import m; t = m.make()",
        new,
        "assert t.use() == m.make().use() == 1",
    )


def test_methods_mean_the_type_parameters_of_the_live_class(python: str, tmp_path: Path) -> None:
    """New methods, signatures and bodies of a generic class see the parameters that it was made with."""
    if any(version in python for version in ("3.9", "3.10", "3.11")) or (python == sys.executable and sys.version_info < (3, 12)):
        pytest.skip("classes have type parameters from Python 3.12 on")
    new = "assert b.kind() is T and b.again().value == 1 and b.Lid().kind() is T and m.Box.__init__.__annotations__['more'] is T"
    before = "import m; b = m.Box(1); T = m.Box.__type_params__[0]"
    play(python, tmp_path, {"m.py": BOX}, {"m.py": BOX_KINDS}, before, new, "assert b.kind() == b.Lid().kind() == 1")


def test_generic_models_with_arguments_follow(tmp_path: Path) -> None:
    """A generic pydantic model gets a field, and what was made of it with arguments still checks them."""
    pytest.importorskip("pydantic")
    text = """
        from typing import Generic, TypeVar
        from pydantic import BaseModel
        T = TypeVar("T")
        class Page(BaseModel, Generic[T]):
            items: list[T]
        Ints = Page[int]
    """
    new = "assert m.Ints(items=['3']).model_dump() == {'items': [3], 'more': 'x'} and p.more == 'x'"
    old = "assert m.Ints(items=['3']).model_dump() == {'items': [3]}"
    edit = text.replace("list[T]\n", 'list[T]\n            more: str = "x"\n')
    play(sys.executable, tmp_path, {"m.py": text}, {"m.py": edit}, "import m; p = m.Ints(items=[1])", new, old)
