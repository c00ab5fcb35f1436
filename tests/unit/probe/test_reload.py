"""Reload transactions in real programs, on every interpreter that is installed."""

from __future__ import annotations

import pytest

from tests.unit.probe.peer import Bench

ORDERS = '''\
import functools

LIMIT = 10
CACHE = {}


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **named):
        CACHE[function.__name__] = CACHE.get(function.__name__, 0) + 1
        return function(*args, **named)
    return wrapper


def price(n):
    return n * 2


@logged
def taxed(n):
    return n + 1


def adder(k):
    def add(n):
        return n + k
    return add


class Base:
    def hello(self):
        return "base"


class Cart(Base):
    """A cart."""

    def __init__(self):
        self.items = [1, 2, 3]

    def total(self):
        return sum(self.items)

    @property
    def first(self):
        return self.items[0]

    @staticmethod
    def unit():
        return "cent"

    @classmethod
    def make(cls):
        return cls()

    async def later(self):
        return 1

    def fail(self):
        raise ValueError("here")
'''
MAIN = """\
import orders, traceback
from orders import price, LIMIT
cart = orders.Cart()
cart.items.append(4)
held = cart.total
add = orders.adder(10)
def line_of(f):
    try:
        f()
    except Exception as e:
        tb = e.__traceback__
        while tb.tb_next: tb = tb.tb_next
        return tb.tb_lineno
def run(c):
    import asyncio
    return asyncio.run(c)
"""
NEW = (
    ORDERS.replace("import functools\n", "import functools\nimport math\n\n\n# moved\n")
    .replace("LIMIT = 10", "LIMIT = 12")
    .replace("return n * 2", "return n * 3 + math.floor(0.5)")
    .replace("def price(n):", "def price(n, more=5):")
    .replace("return n + 1", "return n + 100")
    .replace("return n + k", "return n + k + 1000")
    .replace("return sum(self.items)", "return sum(self.items) + self.extra()")
    .replace("return self.items[0]", "return self.items[0] * 7")
    .replace('return "cent"', 'return "euro"')
    .replace("return cls()", "return [cls()]")
    .replace("        return 1\n", "        return 2\n")
    + """
    def extra(self):
        return len(super().hello()) * __class__.weight()

    @staticmethod
    def weight():
        return 10


def fresh():
    return price(1)
"""
)


def test_a_whole_module_is_changed_with_its_state_kept_and_changed_back(bench: Bench, python: str) -> None:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN, python)
    assert program.ask("(price(2), orders.taxed(1), held(), add(1), cart.first, cart.unit(), LIMIT)") == (4, 2, 10, 11, 1, "cent", 10)
    before = program.ask("line_of(cart.fail)")

    reply = bench.peer.reload((path, ORDERS, NEW))

    assert reply["ok"], reply["error"]
    assert reply["state"] == "committed"
    assert {"orders.price", "orders.taxed", "orders.Cart.total", "orders.Cart.extra", "orders.LIMIT", "orders.math", "orders.fresh"} <= set(reply["changed"])
    assert "orders.Cart.fail" not in reply["changed"]
    assert program.ask("(price(2), orders.taxed(1), held(), add(1), cart.first, cart.unit())") == (6, 101, 50, 1011, 7, "euro")
    assert program.ask("(LIMIT, orders.LIMIT, len(orders.Cart.make()), run(cart.later()), orders.fresh(), orders.price.__defaults__)") == (
        12,
        12,
        1,
        2,
        3,
        (5,),
    )
    assert program.ask("orders.CACHE") == {"taxed": 2}
    assert program.ask("line_of(cart.fail)") == before + 4
    assert bench.peer.reload((path, ORDERS, NEW))["state"] == "already"

    back = bench.peer.reload((path, NEW, ORDERS))

    assert back["ok"], back["error"]
    assert program.ask("(price(2), orders.taxed(1), held(), add(1), cart.first, cart.unit(), LIMIT)") == (4, 2, 10, 11, 1, "cent", 10)
    assert program.ask("(hasattr(cart, 'extra'), hasattr(orders, 'fresh'), orders.price.__defaults__, line_of(cart.fail))") == (False, False, None, before)


def refused(bench: Bench, new: str, base: str = ORDERS) -> str:
    """Serve the module, ask for what must be refused, and check that nothing changed."""
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN)
    before = program.ask("(price(2), orders.taxed(1), held(), cart.unit(), sorted(vars(orders)))")
    reply = bench.peer.reload((path, base, new))
    assert (reply["ok"], reply["state"], reply["changed"]) == (False, "", []), reply
    assert program.ask("(price(2), orders.taxed(1), held(), cart.unit(), sorted(vars(orders)))") == before
    return str(reply["error"])


REFUSED = [
    ("metaclass", ORDERS.replace("Cart(Base)", "Cart(Base, metaclass=type)"), "another metaclass or other class arguments"),
    ("slots", ORDERS.replace('    """A cart."""', '    """A cart."""\n    __slots__ = ()'), "gets slots"),
    ("syntax", ORDERS + "\ndef broken(:\n", "does not compile"),
    ("failing constant", ORDERS.replace("LIMIT = 10", "LIMIT = 1 // 0"), "ZeroDivisionError"),
    ("failing import", "import no_such_module_x\n" + ORDERS, "ModuleNotFoundError"),
    ("failing statement", ORDERS + "\nCACHE.clear(1)\n", "TypeError"),
    ("failing decorator", ORDERS.replace("def price(n):", "@logged(1)(2)\ndef price(n):"), "AttributeError"),
    ("missing default", ORDERS.replace("def price(n)", "def price(n, m=unknown)"), "NameError"),
    ("exit at import", ORDERS.replace("LIMIT = 10", "LIMIT = __import__('sys').exit(3)"), "SystemExit"),
    ("state", ORDERS.replace("CACHE = {}", "CACHE = {1: 2}"), "CACHE"),
    ("encoding", "# -*- coding: latin-1 -*-\n" + ORDERS, "encoding"),
    ("emptied", "", "emptied"),
]


@pytest.mark.parametrize(("new", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_changed_live_is_refused_in_a_sentence_and_untouched(bench: Bench, new: str, words: str) -> None:
    sentence = refused(bench, new)

    assert words in sentence
    assert sentence.endswith(".")


def test_from_a_base_that_is_not_what_runs_the_program_comes_to_the_new_text_all_the_same(bench: Bench) -> None:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN)

    reply = bench.peer.reload((path, ORDERS.replace("n * 2", "n * 4").replace("n + 1", "n + 5"), ORDERS.replace("n * 2", "n * 5")))

    assert (reply["ok"], reply["changed"]) == (True, ["orders.price"]), reply
    assert any("is not the text that" in note for note in reply["notes"]), reply["notes"]
    assert program.ask("(price(2), orders.taxed(1))") == (10, 2)


def test_a_function_that_the_program_replaced_is_drift(bench: Bench) -> None:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN)
    program.ask("setattr(orders, 'price', lambda n: 0)")

    reply = bench.peer.reload((path, ORDERS, ORDERS.replace("n * 2", "n * 5")))

    assert (reply["ok"], "orders.price" in reply["error"]) == (False, True)
    assert program.ask("price(2)") == 4


def test_of_two_files_both_change_or_none(bench: Bench) -> None:
    a, b = bench.write("a.py", "def f():\n    return 1\n"), bench.write("b.py", "def g():\n    return 1\n")
    program = bench.serve("import a, b")
    new = "def {}():\n    return 2\n"

    failed = bench.peer.reload((a, a.read_text(), new.format("f")), (b, b.read_text(), new.format("g") + "X = 1 / 0\n"))
    between = program.ask("(a.f(), b.g())")
    done = bench.peer.reload((a, a.read_text(), new.format("f")), (b, b.read_text(), new.format("g")))

    assert (failed["ok"], between) == (False, (1, 1))
    assert (done["changed"], program.ask("(a.f(), b.g())")) == (["a.f", "b.g"], (2, 2))


def test_a_failing_commit_is_taken_back(bench: Bench) -> None:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN)
    program.ask(
        "__import__('sys').addaudithook(lambda name, args: exec('raise OSError(1)')"
        " if name == 'object.__setattr__' and args[1] == '__code__' and args[0].__name__ == 'unit' else None)"
    )

    reply = bench.peer.reload((path, ORDERS, NEW))

    assert (reply["ok"], "OSError" in reply["error"]) == (False, True)
    assert program.ask("(price(2), orders.taxed(1), held(), cart.unit(), hasattr(orders, 'fresh'), LIMIT)") == (4, 2, 10, "cent", False, 10)


def test_a_dry_run_touches_nothing_and_says_what_would_change(bench: Bench) -> None:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN)

    reply = bench.peer.reload((path, ORDERS, NEW), dry_run=True)

    assert (reply["ok"], reply["state"], "orders.Cart.total" in reply["changed"]) == (True, "prepared", True)
    assert program.ask("(price(2), hasattr(orders, 'fresh'), hasattr(orders, 'math'), LIMIT)") == (4, False, False, 10)


def test_a_file_that_is_not_imported_yet_is_said_so(bench: Bench) -> None:
    path = bench.write("unused.py", "X = 1\n")
    bench.serve("pass")

    assert bench.peer.reload((path, "X = 1\n", "X = 2\n"))["state"] == "not_loaded"


def test_the_main_script_itself_is_changed(bench: Bench, edge: str) -> None:
    text = "import functools\n\ndef f():\n    return 1\n\ng = f\n"
    program = bench.serve(text, edge)
    whole = (bench.folder / "main.py").read_text()

    reply = bench.peer.reload((bench.folder / "main.py", whole, "\n" + whole.replace("return 1", "return 2")))

    assert (reply["ok"], reply["changed"]) == (True, ["__main__.f"]), reply["error"]
    assert program.ask("(f(), g(), f.__code__.co_firstlineno)") == (2, 2, 4)


def test_calls_under_way_are_told_and_what_they_need_stays(bench: Bench) -> None:
    text = (
        "import threading\n\ndef helper():\n    return 'old'\n\ndef busy(inside, go, out):\n    inside.set()\n    go.wait()\n    out.append(helper())\n\n"
        "def steps():\n    yield 1\n    yield 2\n"
    )
    path = bench.write("work.py", text)
    program = bench.serve(
        "import work, threading\ninside, go, out = threading.Event(), threading.Event(), []\n"
        "t = threading.Thread(target=work.busy, args=(inside, go, out), name='worker'); t.start(); inside.wait()\ngen = work.steps(); next(gen)\n"
    )
    new = text.replace("def helper():\n    return 'old'\n\n", "").replace("out.append(helper())", "out.append('new')").replace("yield 2", "yield 3")

    reply = bench.peer.reload((path, text, new))

    assert reply["ok"], reply["error"]
    assert "Thread worker is inside work.busy and finishes that call with the old code." in reply["blockers"]
    assert "1 suspended call of work.steps will finish with the old code." in reply["blockers"]
    assert program.ask("(go.set(), t.join(), out, next(gen), list(work.steps()))") == (None, None, ["old"], 2, [1, 3])


def test_tracebacks_show_the_new_source(bench: Bench) -> None:
    text = "def f():\n    raise ValueError\n"
    path = bench.write("lines.py", text)
    program = bench.serve(
        "import lines, traceback, logging\nlogging.lastResort = None\ndef t():\n    try: lines.f()\n    except ValueError:\n"
        "        logging.exception('x')\n        return traceback.format_exc()\n"
    )
    assert "raise ValueError" in program.ask("t()")
    new = "# one\n# two\ndef f():\n    raise ValueError  # now\n"
    path.write_text(new)
    assert bench.peer.reload((path, text, new))["ok"]

    assert "line 4, in f\n    raise ValueError  # now" in program.ask("t()")
    frame = bench.peer.failures(2)[1]["exceptions"][0]["frames"][-1]
    assert (frame["line"], frame["source"]) == (4, "raise ValueError  # now")


SHAPES = """\
from __future__ import annotations
import dataclasses, enum, contextlib, typing

@dataclasses.dataclass
class Item:
    name: str
    n: int = 1
    def label(self) -> str:
        return self.name

class Outer:
    class Inner:
        def deep(self, x=1):
            return x
    __secret = 5
    def reveal(self):
        return self.__secret
    def __hidden(self):
        return "a"
    def call(self):
        return self.__hidden()
    @property
    def size(self):
        return 1

class Colour(enum.Enum):
    RED = 1
    def say(self):
        return "red"

@contextlib.contextmanager
def opened(x):
    yield x

class Deco:
    def __init__(self, f):
        self.f = f
    def __call__(self, *a):
        return self.f(*a)

@Deco
def wrapped(n):
    return n

RATE = 1.5
NAMES = ("a", "b")
table = {"f": lambda n: n}

def gen(n):
    yield n

if typing.TYPE_CHECKING:
    import nothing_such

try:
    import json
except ImportError:
    def fallback():
        return 1
"""
CHANGES = [
    ("return self.name", "return self.name + '!'"),
    ("def deep(self, x=1):\n            return x", "def deep(self, x=NAMES, *, y: typing.List = 3):\n            return x, y"),
    ("return self.__secret", "return self.__secret * 2"),
    ('return "a"', 'return self.__more()\n    def __more(self):\n        return "b"'),
    ("        return 1\n\nclass Colour", "        return 1\n    @size.setter\n    def size(self, v):\n        self.got = v\n\nclass Colour"),
    ('return "red"', 'return "RED"'),
    ("    yield x", "    yield x * 2"),
    ("    return n\n\nRATE", "    return n * 5\n\nRATE"),
    ("RATE = 1.5", "RATE = 2.5\nHALF = RATE / 2\nclass Added:\n    def __init__(self):\n        super().__init__()\n        self.rate = HALF"),
    ("    yield n\n", "    yield n\n    yield n + 1\n"),
    ("import nothing_such", "import nothing_at_all"),
]
ASKED = """(lambda w: (shapes.Item('x').label(), inner.deep(), o.reveal(), o.call(), shapes.Colour.RED.say(), shapes.wrapped(2), shapes.RATE, list(g(1)), w))(
    shapes.opened(3).__enter__())""".replace("\n", "")


def test_definitions_of_many_shapes_are_changed(bench: Bench, edge: str) -> None:
    path = bench.write("shapes.py", SHAPES)
    program = bench.serve("import shapes\nfrom shapes import gen as g\no = shapes.Outer()\ninner = shapes.Outer.Inner()\n", edge)
    new = "# first\n" + SHAPES
    for old, now in CHANGES:
        assert new.count(old) == 1, old
        new = new.replace(old, now)
    assert program.ask(ASKED) == ("x", 1, 5, "a", "red", 2, 1.5, [1], 3)

    reply = bench.peer.reload((path, SHAPES, new))

    assert reply["ok"], reply["error"]
    assert program.ask(ASKED) == ("x!", (("a", "b"), 3), 10, "b", "RED", 10, 2.5, [1, 2], 6)
    assert program.ask("(setattr(o, 'size', 4), o.got, o.size, shapes.Added().rate, shapes.Outer._Outer__more.__qualname__)") == (
        None,
        4,
        1,
        1.25,
        "Outer.__more",
    )
    assert bench.peer.reload((path, SHAPES, new), dry_run=True)["state"] == "already"
