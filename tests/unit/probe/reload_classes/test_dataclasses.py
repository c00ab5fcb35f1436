"""Dataclasses of a live program, on every interpreter: fields, defaults, parameters, heirs, and the instances that there are."""

from __future__ import annotations

import pytest

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_classes.program import Live

POINT = """\
from dataclasses import dataclass, field


@dataclass
class Point:
    x: int
    y: int = 2

    def total(self):
        return self.x + self.y


@dataclass
class Solid(Point):
    z: int = 3


@dataclass(frozen=True)
class Fixed:
    a: int = 1

    def twice(self):
        return self.a * 2
"""
STATE = """\
import dataclasses
p = orders.Point(1)
p.y = 7
cls = orders.Point
s = orders.Solid(1, 2, 3)
f = orders.Fixed(5)
"""
HOOK = """
    @classmethod
    def __reload__(cls, old, new):
        import gc
        for item in gc.get_objects():
            if isinstance(item, cls):
                item.code = item.x * 10
"""
MAKERS = """\
import threading
made, errors, go = [], [], True
def make():
    while go:
        q = orders.Point(1)
        made.append(q)
        if len(made) > 500:
            del made[:400]
        try:
            orders.look(q)
        except Exception as e:
            errors.append(repr(e))
threads = [threading.Thread(target=make, daemon=True) for _ in range(4)]
[t.start() for t in threads]
"""


def test_a_field_with_a_default_reaches_live_instances_and_heirs(bench: Bench, python: str) -> None:
    live = Live(
        bench,
        python,
        POINT,
        STATE + "from heirs import Far\nfar = Far(1)\n",
        {"heirs.py": "from dataclasses import dataclass\nimport orders\n\n@dataclass\nclass Far(orders.Point):\n    w: int = 9\n"},
    )
    assert live.ask("repr(p)") == "Point(x=1, y=7)"

    reply = live.change(
        ("    y: int = 2\n", "    y: int = 2\n    tags: list = field(default_factory=list)\n    name: str = 'n'\n"),
        ("self.x + self.y", "self.x + self.y + len(self.tags)"),
    )

    assert live.ask("(p.tags, p.name, p.y, s.tags, far.tags)") == ([], "n", 7, [], [])
    assert live.ask("p.tags is not s.tags and orders.Point is cls and isinstance(p, orders.Point)") is True
    assert live.ask("repr(p)") == "Point(x=1, y=7, tags=[], name='n')"
    assert live.ask("[f.name for f in dataclasses.fields(p)]") == ["x", "y", "tags", "name"]
    assert live.ask("repr(orders.Point(1, 2, [3]))") == "Point(x=1, y=2, tags=[3], name='n')"
    assert live.ask("(repr(s), repr(far))") == ("Solid(x=1, y=2, tags=[], name='n', z=3)", "Far(x=1, y=2, tags=[], name='n', w=9)")
    assert live.ask("repr(orders.Solid(1, z=8))") == "Solid(x=1, y=2, tags=[], name='n', z=8)"
    assert live.ask("(p == orders.Point(1, 7), p != orders.Point(1, 8), p.total())") == (True, True, 8)
    assert live.ask("list(orders.Point.__annotations__)") == ["x", "y", "tags", "name"]
    actions = live.actions(reply)
    assert (actions["Point.tags"], actions["Point.name"], actions["Point.total"]) == ("migrated", "migrated", "replaced")


def test_a_reload_and_its_revert_leave_the_class_as_it_was(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE + "before = {c: {k: v for k, v in vars(c).items()} for c in (cls, orders.Solid)}\n")
    live.change(("    y: int = 2\n", "    y: int = 2\n    name: str = 'n'\n"))
    assert live.ask("p.name") == "n"
    live.change(("    name: str = 'n'\n", ""))
    assert live.ask("repr(p)") == "Point(x=1, y=7)"
    assert live.ask("repr(orders.Solid(1))") == "Solid(x=1, y=2, z=3)"
    assert live.ask("hasattr(cls, 'name')") is False
    assert live.ask("[[k for k in set(vars(c)) | set(b) if vars(c).get(k) is not b.get(k)] for c, b in before.items()]") == [[], []]


def test_a_field_without_a_default_is_refused_while_an_instance_lives(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    said = live.refused(("    y: int = 2\n", "    q: str\n    y: int = 2\n"))
    assert said.startswith("orders.Point.q is a new field without a default, and 2 live instances would not have it")
    assert live.ask("(repr(p), repr(orders.Point(3)))") == ("Point(x=1, y=7)", "Point(x=3, y=2)")


def test_a_field_without_a_default_is_added_where_no_instance_lives(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT)
    live.change(("    y: int = 2\n", "    q: str\n    y: int = 2\n"))
    assert live.ask("repr(orders.Point(1, 'a'))") == "Point(x=1, q='a', y=2)"
    assert live.ask("repr(orders.Solid(1, 'a'))") == "Solid(x=1, q='a', y=2, z=3)"


def test_defaults_order_and_removed_fields(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    live.change(("y: int = 2", "y: int = 20"))
    assert live.ask("(p.y, orders.Point(1).y, orders.Point.y, orders.Solid(1).y)") == (7, 20, 20, 20)
    live.change(("    x: int\n    y: int = 20\n", "    y: int = 20\n    x: int = 0\n"))
    assert live.ask("repr(orders.Point(1))") == "Point(y=1, x=0)"
    assert live.ask("repr(p)") == "Point(y=7, x=1)"
    live.change(("    y: int = 20\n", ""), ("self.x + self.y", "self.x"))
    assert live.ask("(repr(p), repr(orders.Point(4)), p.total(), hasattr(cls, 'y'))") == ("Point(x=1)", "Point(x=4)", 1, False)


def test_a_class_that_cannot_be_made_is_refused_with_the_reason(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT)
    assert "non-default argument" in live.refused(("    y: int = 2\n", "    y: int = 2\n    z: int\n"))
    assert "mutable default" in live.refused(("    y: int = 2\n", "    y: list = []\n"))
    assert live.ask("repr(orders.Point(3))") == "Point(x=3, y=2)"


def test_frozen_instances_are_migrated_and_stay_frozen(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    live.change(("    a: int = 1\n", "    a: int = 1\n    b: int = 4\n"), ("self.a * 2", "self.a * 3 + self.b"))
    assert live.ask("(f.b, f.twice(), repr(f), vars(f)['b'], hash(f) == hash(orders.Fixed(5, 4)))") == (4, 19, "Fixed(a=5, b=4)", 4, True)
    assert live.ask("__import__('unittest').TestCase().assertRaises(dataclasses.FrozenInstanceError, setattr, f, 'b', 1)") is None


def test_a_frozen_instance_that_is_a_key_keeps_its_hash(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE + "keys = {f: 1}\n")
    assert "members of a set" in live.refused(("    a: int = 1\n", "    a: int = 1\n    b: int = 4\n"))
    assert live.ask("keys[orders.Fixed(5)]") == 1


def test_parameters_of_the_decorator(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    live.change(("@dataclass\nclass Point", "@dataclass(order=True, unsafe_hash=True)\nclass Point"))
    assert live.ask("(orders.Point(1) < orders.Point(2), hash(orders.Point(1)) == hash(orders.Point(1)))") == (True, True)
    live.change(("@dataclass(order=True, unsafe_hash=True)\nclass Point", "@dataclass\nclass Point"))
    assert live.ask("('__lt__' in vars(cls), cls.__hash__)") == (False, None)


def test_a_method_of_ones_own_takes_the_place_of_a_generated_one_and_back(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    mine = "    def __repr__(self):\n        return 'mine'\n\n    def total"
    live.change(("    def total", mine))
    assert live.ask("(repr(p), p == orders.Point(1, 7))") == ("mine", True)
    live.change((mine, "    def total"))
    assert live.ask("repr(p)") == "Point(x=1, y=7)"


def test_the_decorator_is_added_to_a_plain_class(bench: Bench, python: str) -> None:
    text = "from dataclasses import dataclass\n\n\nclass Plain:\n    x: int = 1\n"
    live = Live(bench, python, text, "o = orders.Plain()\ncls = orders.Plain\n")
    live.change(("class Plain", "@dataclass\nclass Plain"))
    assert live.ask("(repr(o), repr(orders.Plain(5)), orders.Plain is cls)") == ("Plain(x=1)", "Plain(x=5)", True)
    live.change(("@dataclass\n", ""))
    assert live.ask("('__init__' in vars(cls), '__dataclass_fields__' in vars(cls), cls.x)") == (False, False, 1)


def test_nothing_is_run_twice_and_a_dry_run_touches_nothing(bench: Bench, python: str) -> None:
    text = POINT.replace("    y: int = 2\n", "    y: int = made()\n").replace(
        "@dataclass\nclass Point", "MADE = []\n\n\ndef made():\n    MADE.append(1)\n    return 2\n\n\n@dataclass\nclass Point"
    )
    live = Live(bench, python, text, STATE)
    new = live.text.replace("    y: int = made()\n", "    y: int = made()\n    name: str = 'n'\n")
    reply = live.reload(new, dry_run=True)
    assert reply["state"] == "prepared"
    assert live.actions(reply)["Point.name"] in ("added", "migrated")
    assert live.ask("(hasattr(p, 'name'), len(orders.MADE))") == (False, 1)
    live.reload(new)
    assert live.ask("(p.name, len(orders.MADE))") == ("n", 1)
    assert live.reload(new)["state"] == "already"


def test_slots_are_refused_and_everything_else_of_a_slotted_class_changes(bench: Bench, python: str) -> None:
    if "3.9." in python:
        pytest.skip("Python 3.9 has no slots=True")
    text = "from dataclasses import dataclass\n\n\n@dataclass(slots=True)\nclass Slim:\n    x: int\n    y: int = 2\n"
    live = Live(bench, python, text, "o = orders.Slim(1)\n")
    assert "it has slots" in live.refused(("    y: int = 2\n", "    y: int = 2\n    z: int = 3\n"))
    live.change(("    y: int = 2\n", "    y: int = 4\n\n    def both(self):\n        return self.x + self.y\n"))
    assert live.ask("(o.both(), orders.Slim(1).both(), orders.Slim.__slots__)") == (3, 5, ("x", "y"))


def test_a_hook_gives_live_instances_what_a_field_without_a_default_needs(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    live.change(("    x: int\n", "    x: int\n    code: int\n"), ("        return self.x + self.y\n", "        return self.x + self.y\n" + HOOK))
    assert live.ask("(repr(p), s.code, repr(orders.Point(1, 2)))") == ("Point(x=1, code=10, y=7)", 10, "Point(x=1, code=2, y=2)")


def test_base_and_heir_change_together_in_any_order(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT, STATE)
    live.change(("    z: int = 3\n", "    z: int = 3\n    top: str = 't'\n"), ("    y: int = 2\n", "    y: int = 2\n    low: str = 'l'\n"))
    assert live.ask("(repr(s), repr(orders.Solid(1)), repr(p))") == (
        "Solid(x=1, y=2, low='l', z=3, top='t')", "Solid(x=1, y=2, low='l', z=3, top='t')", "Point(x=1, y=7, low='l')",
    )  # fmt: skip


def test_instances_made_while_the_reload_runs_have_the_field_too(bench: Bench, python: str) -> None:
    text = POINT + "\n\ndef look(point):\n    return point.y\n"
    live = Live(bench, python, text, STATE + MAKERS)
    for _ in range(5):
        live.change(("    y: int = 2\n", "    y: int = 2\n    tags: list = field(default_factory=list)\n"), ("return point.y\n", "return point.tags\n"))
        live.change(("    tags: list = field(default_factory=list)\n", ""), ("return point.tags\n", "return point.y\n"))
    assert live.ask("(globals().update(go=False), [t.join() for t in threads], errors[:3])[2]") == []


def test_an_instance_made_between_a_reload_and_its_return_has_what_comes_back(bench: Bench, python: str) -> None:
    live = Live(bench, python, POINT.replace("    y: int = 2\n", "    y: int = 2\n    tags: list = field(default_factory=list)\n"), STATE)
    live.change(("    tags: list = field(default_factory=list)\n", ""))
    assert live.ask("repr(globals().setdefault('young', orders.Point(5)))") == "Point(x=5, y=2)"
    live.change(("    y: int = 2\n", "    y: int = 2\n    tags: list = field(default_factory=list)\n"))
    assert live.ask("(repr(young), repr(p), repr(orders.Point(6)), 'tags' in vars(orders.Point))") == (
        "Point(x=5, y=2, tags=[])", "Point(x=1, y=7, tags=[])", "Point(x=6, y=2, tags=[])", False,
    )  # fmt: skip
