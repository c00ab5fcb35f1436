"""Enums of a live program, on every interpreter: members come, are named twice and change their value; those that are there stay."""

from __future__ import annotations

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_classes.program import Live

COLORS = """\
import enum
from enum import Enum, Flag, IntEnum, auto


class Color(Enum):
    RED = 1
    BLUE = 3

    def shout(self):
        return self.name


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Word(str, Enum):
    ONE = "one"


class Kind(Enum):
    A = auto()
    B = auto()


class Perm(Flag):
    R = 1
    W = 2
    RW = R | W


class Planet(Enum):
    EARTH = (5.0, 6.0)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def gravity(self):
        return self.mass / self.radius


class Base(Enum):
    def hello(self):
        return "hello " + self.name


class Child(Base):
    X = 1
"""
STATE = """\
import copy, pickle
C, red, blue, low, one = orders.Color, orders.Color.RED, orders.Color.BLUE, orders.Level.LOW, orders.Word.ONE
held = {red: "r", low: "l"}
proxy = orders.Color.__members__
"""


def test_members_are_added_and_the_old_ones_stay_the_same_objects(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE)

    reply = live.change(("    BLUE = 3\n", "    BLUE = 3\n    GREEN = 4\n    AZURE = 3\n"), ("return self.name", "return self.name + '!'"))

    assert live.ask("(C is orders.Color, C.RED is red, held[C.RED], C.BLUE is blue, C.AZURE is blue)") == (True, True, "r", True, True)
    assert live.ask("([m.name for m in C], len(C), list(proxy), C(4) is C.GREEN, C['GREEN'] is C.GREEN)") == (
        ["RED", "BLUE", "GREEN"],
        3,
        ["RED", "BLUE", "GREEN", "AZURE"],
        True,
        True,
    )
    assert live.ask("(type(C.GREEN) is C, isinstance(C.GREEN, C), C.GREEN in C, C.GREEN.value, C.GREEN.name, C.GREEN.shout())") == (
        True,
        True,
        True,
        4,
        "GREEN",
        "GREEN!",
    )
    assert live.ask("(repr(C.GREEN), C.GREEN == C(4), C.GREEN != red, hash(C.GREEN) == hash(C['GREEN']))") == ("<Color.GREEN: 4>", True, True, True)
    assert live.ask("(pickle.loads(pickle.dumps(C.GREEN)) is C.GREEN, copy.deepcopy(C.GREEN) is C.GREEN)") == (True, True)
    assert live.actions(reply)["Color.GREEN"] == "added"
    live.change(("    GREEN = 4\n", "    GREEN = 4\n    LATE = 9\n"))
    assert live.ask("([m.name for m in C], list(C.__members__), C.LATE.value)") == (
        ["RED", "BLUE", "GREEN", "LATE"],
        ["RED", "BLUE", "GREEN", "LATE", "AZURE"],
        9,
    )


def test_enums_that_are_numbers_or_text(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE)
    live.change(("    HIGH = 2\n", "    HIGH = 2\n    TOP = 9\n"), ('    ONE = "one"\n', '    ONE = "one"\n    TWO = "two"\n'))
    assert live.ask("(orders.Level.TOP + 1, orders.Level.TOP > low, orders.Level(9).name, held[orders.Level.LOW])") == (10, True, "TOP", "l")
    assert live.ask(
        "(orders.Word.TWO == 'two', orders.Word('two') is orders.Word.TWO, isinstance(orders.Word.TWO, str), type(orders.Word.TWO) is type(one))"
    ) == (True, True, True, True)
    assert live.ask("(orders.Word.TWO.upper(), f'{orders.Word.TWO.value}', orders.Word.ONE is one)") == ("TWO", "two", True)


def test_auto_and_flags(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE + "a, b, rw = orders.Kind.A, orders.Kind.B, orders.Perm.RW\nboth = orders.Perm.R | orders.Perm.W\n")
    live.change(("    B = auto()\n", "    B = auto()\n    D = auto()\n"), ("    RW = R | W\n", "    X = 4\n    RW = R | W\n"))
    assert live.ask("(orders.Kind.D.value, orders.Kind.A is a, [k.value for k in orders.Kind])") == (3, True, [1, 2, 3])
    assert live.ask("(orders.Perm.RW is rw, both is rw, orders.Perm.X.value, (orders.Perm.R | orders.Perm.X).value, orders.Perm(4) is orders.Perm.X)") == (
        True,
        True,
        4,
        5,
        True,
    )
    assert live.ask("((~orders.Perm.R).value, orders.Perm.X in (orders.Perm.R | orders.Perm.X), bool(orders.Perm.R & orders.Perm.X))") in (
        (6, True, False),
        (-2, True, False),
    )
    live.change(("    B = auto()\n", "    C = auto()\n    B = auto()\n"))
    assert live.ask("(orders.Kind.C.value, b.value, orders.Kind(3) is b, orders.Kind(2) is orders.Kind.C, [k.name for k in orders.Kind])") == (
        2,
        3,
        True,
        True,
        ["A", "C", "B", "D"],
    )


def test_a_value_changes_in_place_where_the_member_has_no_data_type(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE)
    live.change(("BLUE = 3", "BLUE = 30"), ("(5.0, 6.0)", "(5.0, 2.0)"))
    assert live.ask("(C.BLUE is blue, blue.value, C(30) is blue)") == (True, 30, True)
    assert live.ask("(3 in C._value2member_map_, orders.Planet.EARTH.radius, orders.Planet.EARTH.gravity)") == (False, 2.0, 2.5)
    assert "Level.HIGH gets another value" in live.refused(("    HIGH = 2\n", "    HIGH = 5\n"))
    assert "Perm.W gets another value" in live.refused(("    W = 2\n", "    W = 8\n"))
    assert live.ask("(orders.Level.HIGH.value, orders.Perm.W.value)") == (2, 2)


def test_a_removed_member_is_refused_and_an_alias_goes(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS.replace("    BLUE = 3\n", "    BLUE = 3\n    AZURE = 3\n"), STATE)
    assert "Color.RED is a member that the new text no longer has" in live.refused(("    RED = 1\n", ""))
    assert live.ask("(C.RED is red, C(1) is red)") == (True, True)
    live.change(("    AZURE = 3\n", ""))
    assert live.ask("(hasattr(C, 'AZURE'), list(C.__members__), C.BLUE is blue)") == (False, ["RED", "BLUE"], True)


def test_members_with_an_initialiser_and_an_inherited_enum(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE + "x = orders.Child.X\n")
    live.change(
        ("    EARTH = (5.0, 6.0)\n", "    EARTH = (5.0, 6.0)\n    MARS = (8.0, 2.0)\n"), ("    X = 1\n", "    X = 1\n    Y = 2\n"), ('"hello "', '"ho "')
    )
    assert live.ask("(orders.Planet.MARS.gravity, orders.Planet.MARS.mass, orders.Planet((8.0, 2.0)) is orders.Planet.MARS)") == (4.0, 8.0, True)
    assert live.ask("(x.hello(), orders.Child.Y.hello(), orders.Child.X is x, isinstance(orders.Child.Y, orders.Base))") == ("ho X", "ho Y", True, True)


def test_a_broken_enum_is_refused_and_unique_is_kept(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS.replace("class Color", "@enum.unique\nclass Color"), STATE)
    assert "breaks its own rule" in live.refused(("    BLUE = 3\n", "    BLUE = 3\n    OTHER = 3\n"))
    assert live.ask("[m.name for m in C]") == ["RED", "BLUE"]
    live.change(("    BLUE = 3\n", "    BLUE = 3\n    OTHER = 4\n"))
    assert live.ask("[m.name for m in C]") == ["RED", "BLUE", "OTHER"]


def test_a_reload_and_its_revert_leave_the_enum_as_it_was(bench: Bench, python: str) -> None:
    live = Live(bench, python, COLORS, STATE + "before = dict(vars(C))\n")
    live.change(("    BLUE = 3\n", "    BLUE = 3\n    GREEN = 4\n"), ("RED = 1", "RED = 7"))
    assert live.ask("(C.GREEN.value, red.value)") == (4, 7)
    live.change(("    GREEN = 4\n", ""), ("RED = 7", "RED = 1"))
    assert live.ask("([m.name for m in C], red.value, C(1) is red, hasattr(C, 'GREEN'), C._value2member_map_ == {1: red, 3: blue})") == (
        ["RED", "BLUE"],
        1,
        True,
        False,
        True,
    )
    assert live.ask("[k for k in {**before, **vars(C)} if before.get(k) is not vars(C).get(k)]") == []
