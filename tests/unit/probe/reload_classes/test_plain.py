"""Plain classes of a live program, on every interpreter: bases, annotations, slots, special methods, what unknown makers made."""

from __future__ import annotations

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_classes.program import Live

SHOP = '''\
class One:
    def who(self):
        return "one"


class Two:
    def who(self):
        return "two"


class Mixin:
    def extra(self):
        return "extra"


class Cart(One):
    """A cart."""

    limit: int = 5
    label = "cart"

    def __init__(self):
        self.items = [1]

    def total(self):
        return sum(self.items)

    class Inner:
        deep = 1

        def go(self):
            return self.deep


class Sub(Cart):
    def who(self):
        return "sub " + super().who()


class Slim:
    __slots__ = ("a", "b")

    def sum(self):
        return self.a + self.b


class Lone:
    pass
'''
STATE = """\
import inspect
c, s, inner = orders.Cart(), orders.Sub(), orders.Cart.Inner()
Cart = orders.Cart
slim = orders.Slim()
slim.a, slim.b = 1, 2
"""


def test_another_base_reaches_instances_subclasses_and_other_modules(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE + "from far import Far\nfar = Far()\n", {"far.py": "import orders\n\nclass Far(orders.Cart):\n    pass\n"})
    live.change(("class Cart(One)", "class Cart(Mixin, Two)"))
    assert live.ask("(c.who(), s.who(), far.who(), c.extra(), far.extra(), c.items)") == ("two", "sub two", "two", "extra", "extra", [1])
    assert live.ask("(orders.Cart is Cart, isinstance(c, orders.Two), isinstance(c, orders.One), issubclass(Far, orders.Mixin))") == (True, True, False, True)
    live.change(("class Cart(Mixin, Two)", "class Cart(One)"))
    assert live.ask("(c.who(), s.who(), hasattr(c, 'extra'), Cart.__bases__ == (orders.One,), Cart.__mro__ == (Cart, orders.One, object))") == (
        "one",
        "sub one",
        False,
        True,
        True,
    )


def test_a_base_that_is_added_in_the_same_change(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    live.change(("class Cart(One)", "class Three(One):\n    def who(self):\n        return 'three'\n\n\nclass Cart(Three)"))
    assert live.ask("(c.who(), s.who(), orders.Cart().who())") == ("three", "sub three", "three")


def test_a_base_is_taken_away(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    live.change(("class Cart(One)", "class Cart"), ('return "sub " + super().who()', 'return "sub"'))
    assert live.ask("(s.who(), hasattr(c, 'who'), isinstance(c, orders.One), c.total())") == ("sub", False, False, 1)
    live.change(("class Cart:", "class Cart(One):"))
    assert live.ask("(c.who(), Cart.__bases__ == (orders.One,))") == ("one", True)


def test_bases_that_python_cannot_change_are_refused_with_the_reason(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    assert "derives from object alone" in live.refused(("class Lone:", "class Lone(One):"))
    assert "laid out in memory" in live.refused(("class Cart(One)", "class Cart(dict)"))
    assert "cannot have these bases" in live.refused(("class Cart(One)", "class Cart(One, One)"))
    assert "another metaclass" in live.refused(("class Cart(One)", "class Cart(One, metaclass=type)"))
    assert live.ask("(c.who(), Cart.__bases__ == (orders.One,), orders.Lone.__bases__ == (object,))") == ("one", True, True)


def test_attributes_annotations_docstrings_and_nested_classes(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    live.change(
        ("    limit: int = 5\n", "    limit: float = 6\n    size: 'str'\n    late: int = 1\n"),
        ('"""A cart."""', '"""A better cart."""'),
        ("        deep = 1\n", "        deep = 2\n"),
        ("    class Inner:", "    class Other:\n        def name(self):\n            return __class__.__qualname__\n\n    class Inner:"),
    )
    assert live.ask("(c.limit, c.late, Cart.__annotations__ == {'limit': float, 'size': 'str', 'late': int}, hasattr(Cart, 'size'))") == (6, 1, True, False)
    assert live.ask("(Cart.__doc__, inner.go(), orders.Cart.Other().name(), orders.Cart.Other.__qualname__)") == (
        "A better cart.",
        2,
        "Cart.Other",
        "Cart.Other",
    )
    live.change(("    size: 'str'\n", ""), ("    late: int = 1\n", ""))
    assert live.ask("(list(Cart.__annotations__), hasattr(Cart, 'late'), c.limit)") == (["limit"], False, 6)


def test_slots(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    said = live.refused(('("a", "b")', '("a", "b", "z")'))
    assert said.startswith("orders.Slim.z is a new slot")
    assert "gets slots" in live.refused(("class Lone:\n    pass", "class Lone:\n    __slots__ = ()"))
    assert "loses its slots" in live.refused(('    __slots__ = ("a", "b")\n\n', ""))
    live.change(("self.a + self.b", "self.a * 10 + self.b"))
    assert live.ask("(slim.sum(), orders.Slim.__slots__)") == (12, ("a", "b"))
    live.change(('("a", "b")', '("a",)'), ("self.a * 10 + self.b", "self.a"))
    assert live.ask("(slim.sum(), hasattr(slim, 'b'), orders.Slim.__slots__)") == (1, False, ("a",))


def test_methods_that_a_class_statement_wraps_and_the_hash_of_eq(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    added = """\
    def __new__(cls, *args):
        made = super().__new__(cls)
        made.fresh = 1
        return made

    def __class_getitem__(cls, item):
        return (cls.label, item)

    def __init_subclass__(cls):
        cls.seen = True

    def __eq__(self, other):
        return isinstance(other, Cart)

    def total"""
    live.change(("    def total", added))
    assert live.ask("(orders.Cart().fresh, orders.Cart[3], type('New', (orders.Cart,), {}).seen, orders.Cart() == c, Cart.__hash__)") == (
        1,
        ("cart", 3),
        True,
        True,
        None,
    )
    live.change((added, "    def total"))
    assert live.ask("(hasattr(orders.Cart(), 'fresh'), orders.Cart() == c, hash(c) == object.__hash__(c))") == (False, False, True)


def test_what_an_unknown_maker_made_changes_in_its_methods_alone(bench: Bench, python: str) -> None:
    text = """\
REGISTRY = {}
HOOKED = []


class Meta(type):
    def __new__(meta, name, bases, namespace):
        made = super().__new__(meta, name, bases, namespace)
        REGISTRY[name] = sorted(key for key in namespace if not key.startswith("_"))
        return made


class Model(metaclass=Meta):
    size = 3
    names: list = [1]

    def go(self):
        return "old"


def shaped(cls):
    cls.fields = list(vars(cls).get("__annotations__", {}))
    return cls


def kept(cls):
    HOOKED.append(cls.__name__)
    return cls


@shaped
class Shaped:
    x: int = 1


@kept
class Kept:
    x: int = 1


class Plugin:
    def __init_subclass__(cls):
        HOOKED.append(cls.__name__)


class Mine(Plugin):
    word: str = "a"
"""
    live = Live(bench, python, text, "m, k = orders.Model(), orders.Kept()\n")
    live.change(('"old"', '"new"'), ("size = 3", "size = 4"))
    assert live.ask("(m.go(), m.size, orders.REGISTRY)") == ("new", 4, {"Model": ["go", "names", "size"]})
    live.change(("    def go", "    def more(self):\n        return 1\n\n    def go"))
    assert live.ask("m.more()") == 1
    said = live.refused(("    size = 4\n", "    size = 4\n    extra: int = 1\n"))
    assert "the metaclass orders.Meta makes of it what is not known here" in said
    assert "the decorator shaped" in live.refused(("class Shaped:\n    x: int = 1", "class Shaped:\n    x: int = 1\n    y: int = 2"))
    live.change(
        ("class Kept:\n    x: int = 1", "class Kept:\n    x: int = 1\n    y: int = 2"), ('    word: str = "a"\n', '    word: str = "b"\n    more: int = 1\n')
    )
    assert live.ask("(k.y, orders.Mine.word, orders.Mine.more, orders.HOOKED)") == (2, "b", 1, ["Kept", "Mine"])
    assert "decorators" in live.refused(("@kept\nclass Kept", "class Kept"))


def test_generic_classes(bench: Bench, python: str) -> None:
    text = """\
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Box(Generic[T]):
    def get(self):
        return 1


class Pair(Box[T], Generic[T, U]):
    pass


class Ints(Box[int]):
    pass
"""
    live = Live(bench, python, text, "b, p = orders.Box(), orders.Pair()\nalias = orders.Box[int]\n")
    live.change(("return 1", "return 2"), ("Box[int]", "Box[str]"))
    assert live.ask("(b.get(), alias().get(), orders.Ints.__orig_bases__ == (orders.Box[str],), p.get())") == (2, 2, True, 2)
    live.change(("Generic[T, U]", "Generic[U, T]"))
    assert live.ask("orders.Pair.__parameters__ == (orders.U, orders.T)") is True


def test_the_source_of_a_class_is_found_after_lines_moved(bench: Bench, python: str) -> None:
    live = Live(bench, python, SHOP, STATE)
    new = "import math\n\n\n# more\n# lines\n" + SHOP
    bench.write("orders.py", new)
    live.reload(new)
    assert live.ask("(inspect.getsource(orders.Slim).splitlines()[0], inspect.getsourcelines(orders.Lone)[1])") == (
        "class Slim:",
        new.splitlines().index("class Lone:") + 1,
    )
