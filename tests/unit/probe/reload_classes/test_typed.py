"""Named tuples, typed dicts, protocols and abstract classes of a live program, on every interpreter."""

from __future__ import annotations

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_classes.program import Live

TYPED = """\
from abc import ABC, abstractmethod
from typing import NamedTuple, Protocol, TypedDict, runtime_checkable


class Pos(NamedTuple):
    x: int
    y: int = 0

    def far(self):
        return self.x + self.y


class Movie(TypedDict):
    title: str


class Sequel(Movie, total=False):
    number: int


@runtime_checkable
class Runs(Protocol):
    def run(self) -> int: ...


class Runner:
    def run(self):
        return 1


class Shape(ABC):
    @abstractmethod
    def area(self):
        ...


class Square(Shape):
    def area(self):
        return 4
"""


def test_named_tuples(bench: Bench, python: str) -> None:
    live = Live(bench, python, TYPED, "cls = orders.Pos\nimport copy\n")
    live.change(("    y: int = 0\n", "    y: int = 5\n    z: int = 7\n"), ("self.x + self.y", "self.x + self.y + self.z"))
    assert live.ask("(tuple(orders.Pos(1)), orders.Pos._fields, orders.Pos(1).far(), repr(orders.Pos(1, 2, 3)), orders.Pos is cls)") == (
        (1, 5, 7),
        ("x", "y", "z"),
        13,
        "Pos(x=1, y=2, z=3)",
        True,
    )
    assert live.ask("(orders.Pos(1)._replace(z=9).z, orders.Pos(1)._asdict(), orders.Pos._make([4, 5, 6]).z, copy.copy(orders.Pos(1)).z)") == (
        9,
        {"x": 1, "y": 5, "z": 7},
        6,
        7,
    )
    live.change(("    z: int = 7\n", ""), (" + self.z", ""))
    assert live.ask("(tuple(orders.Pos(1)), hasattr(cls, 'z'), orders.Pos._fields)") == ((1, 5), False, ("x", "y"))


def test_a_live_named_tuple_keeps_its_length(bench: Bench, python: str) -> None:
    live = Live(bench, python, TYPED, "p = orders.Pos(1)\nmany = [orders.Pos(n) for n in range(3)]\n")
    said = live.refused(("    y: int = 0\n", "    y: int = 0\n    z: int = 7\n"))
    assert said.startswith("orders.Pos.z changes the fields of a tuple, and 4 live tuples")
    assert live.ask("(p, orders.Pos(2))") in (((1, 0), (2, 0)), "(Pos(x=1, y=0), Pos(x=2, y=0))")
    live.change(("y: int = 0", "y: int = 8"), ("self.x + self.y", "self.x - self.y"))
    assert live.ask("(p.y, orders.Pos(2).y, p.far(), orders.Pos._field_defaults)") == (0, 8, 1, {"y": 8})


def test_typed_dicts_and_what_inherits_from_them(bench: Bench, python: str) -> None:
    live = Live(bench, python, TYPED, "from far import Far\ncls = orders.Movie\n", {"far.py": "import orders\n\nclass Far(orders.Movie):\n    far: int\n"})
    live.change(("    title: str\n", "    title: str\n    year: int\n"))
    assert live.ask("(list(orders.Movie.__annotations__), sorted(orders.Movie.__required_keys__), orders.Movie is cls)") == (
        ["title", "year"],
        ["title", "year"],
        True,
    )
    assert live.ask("(list(orders.Sequel.__annotations__), sorted(orders.Sequel.__required_keys__), sorted(orders.Sequel.__optional_keys__))") == (
        ["title", "year", "number"],
        ["title", "year"],
        ["number"],
    )
    assert live.ask("sorted(Far.__annotations__)") == ["far", "title", "year"]
    live.change(("    year: int\n", ""))
    assert live.ask("(list(orders.Movie.__annotations__), sorted(orders.Sequel.__required_keys__), sorted(Far.__annotations__))") == (
        ["title"],
        ["title"],
        ["far", "title"],
    )


def test_protocols(bench: Bench, python: str) -> None:
    live = Live(bench, python, TYPED, "r = orders.Runner()\nassert isinstance(r, orders.Runs)\n")
    live.change(("    def run(self) -> int: ...\n", "    def run(self) -> int: ...\n    def stop(self) -> int: ...\n"))
    assert live.ask("isinstance(r, orders.Runs)") is False
    live.change(("    def run(self):\n        return 1\n", "    def run(self):\n        return 1\n\n    def stop(self):\n        return 2\n"))
    assert live.ask("(isinstance(r, orders.Runs), issubclass(orders.Runner, orders.Runs))") == (True, True)
    live.change(("    def stop(self) -> int: ...\n", ""))
    assert live.ask("isinstance(r, orders.Runs)") is True


def test_abstract_methods_are_known_after_a_reload(bench: Bench, python: str) -> None:
    live = Live(bench, python, TYPED, "q = orders.Square()\nfrom unittest import TestCase\nfails = lambda f: TestCase().assertRaises(TypeError, f)\n")
    live.change(
        (
            "    @abstractmethod\n    def area(self):\n        ...\n",
            "    @abstractmethod\n    def area(self):\n        ...\n\n    @property\n    @abstractmethod\n    def name(self):\n        ...\n",
        )
    )
    assert live.ask("(sorted(orders.Shape.__abstractmethods__), sorted(orders.Square.__abstractmethods__), fails(orders.Square))") == (
        ["area", "name"],
        ["name"],
        None,
    )
    live.change(("        return 4\n", "        return 5\n\n    @property\n    def name(self):\n        return 'n'\n"))
    assert live.ask("(orders.Square().name, q.name, q.area(), list(orders.Square.__abstractmethods__))") == ("n", "n", 5, [])
    live.change(("    @abstractmethod\n    def area(self):\n        ...\n\n", "    def area(self):\n        return 0\n\n"))
    assert live.ask("sorted(orders.Shape.__abstractmethods__)") == ["name"]
