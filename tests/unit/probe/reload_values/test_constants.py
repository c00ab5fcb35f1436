"""Changed, added and removed assignments: what is replaced, what is kept, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.probe.reload_values.drive import Drive, actions

SHOP = """\
import re, os
LIMIT = 10
NAMES = ["a", "b"]
TABLE = {"x": 1, "y": [1, 2]}
GROUP = {1, 2}
A, B = 1, 2
C = D = (1, 2)
RATE: float = 1.5
noted: int
PATTERN = re.compile("a+")
CACHE = {}
HITS = 0
FLAGS = frozenset({"q"})
STARTED = object()
__all__ = ["LIMIT", "NAMES"]

def first():
    return 1
def second():
    return 2

HANDLERS = {"first": first}
LAMBDA = lambda n: n + 1

class Cart:
    LIMIT = 3
    __secret = 4
    names = ["n"]
    rate: int = 1

    def secret(self):
        return self.__secret

def hit():
    global HITS
    HITS += 1
"""
NEW = (
    SHOP.replace("LIMIT = 10", "LIMIT = 12")
    .replace('["a", "b"]', '["a", "b", "c"]')
    .replace('"x": 1', '"x": 2')
    .replace("{1, 2}", "{1, 2, 3}")
    .replace("A, B = 1, 2", "A, B = 1, 5")
    .replace("C = D = (1, 2)", "C = D = (1, 2, 3)")
    .replace("float = 1.5", "float = 2.5")
    .replace("noted: int", "noted: str")
    .replace('"a+"', '"b+"')
    .replace('{"q"}', '{"q", "r"}')
    .replace('"LIMIT", "NAMES"]', '"LIMIT"]\nFRESH = LIMIT * 2\nWALRUS = (INNER := LIMIT) + 1\nSPREAD = [LIMIT + n for n in range(2)]')
    .replace('{"first": first}', '{"first": first, "second": second, "third": third}')
    .replace("def second():\n    return 2", "def second():\n    return 22\ndef third():\n    return 3")
    .replace("    LIMIT = 3\n    __secret = 4", "    LIMIT = 33\n    __secret = LIMIT + 4\n    extra = [LIMIT]")
    .replace('["n"]', '["n", "m"]')
)
STATE = (
    "(shop.LIMIT, shop.NAMES, shop.TABLE, shop.GROUP, shop.A, shop.B, shop.C, shop.D, shop.RATE, shop.PATTERN.pattern, sorted(shop.FLAGS), "
    "shop.__all__, cart.LIMIT, cart.secret(), "
    "cart.names, sorted(shop.HANDLERS), shop.CACHE, shop.HITS)"
)
OLD_STATE = (10, ["a", "b"], {"x": 1, "y": [1, 2]}, {1, 2}, 1, 2, (1, 2), (1, 2), 1.5, "a+", ["q"], ["LIMIT", "NAMES"], 3, 4, ["n"], ["first"], {"k": 1}, 1)


def test_changed_values_are_taken_over_and_all_else_is_kept(tmp_path: Path, python: str) -> None:
    drive = Drive(tmp_path, python, {"shop.py": SHOP})
    drive.run("import shop\ncart = shop.Cart()\nshop.CACHE['k'] = 1\nshop.hit()\nheld = (shop.STARTED, shop.CACHE, shop.first, shop.second)")
    drive.ask(STATE)
    drive.reload(shop=NEW, explain=True)
    drive.ask(STATE)
    drive.reload(shop=NEW)
    drive.ask(STATE)
    drive.ask("(shop.FRESH, shop.WALRUS, shop.INNER, shop.SPREAD, cart.extra, [f() for f in shop.HANDLERS.values()], shop.LAMBDA(1))")
    drive.ask("(shop.STARTED is held[0], shop.CACHE is held[1], shop.HANDLERS['first'] is held[2], shop.HANDLERS['second'] is held[3])")
    drive.reload(shop=NEW)
    drive.reload(shop=SHOP)
    drive.ask(STATE)
    drive.ask("[name for name in ('FRESH', 'WALRUS', 'INNER', 'SPREAD', 'third') if hasattr(shop, name)]")

    before, explained, untouched, report, after, fresh, identity, again, back, reverted, left = drive.answers()

    assert (before, untouched, reverted, left) == (OLD_STATE, OLD_STATE, OLD_STATE, [])
    assert actions(explained)["shop.LIMIT"] == "replaced"
    assert after == (
        12, ["a", "b", "c"], {"x": 2, "y": [1, 2]}, {1, 2, 3}, 1, 5, (1, 2, 3), (1, 2, 3), 2.5, "b+", ["q", "r"], ["LIMIT"], 33, 37, ["n", "m"],
        ["first", "second", "third"], {"k": 1}, 1,
    )  # fmt: skip
    assert fresh == (24, 13, 12, [12, 13], [33], [1, 22, 3], 2)
    assert identity == (True, True, True, True)
    assert (report["state"], again["state"], back["state"]) == ("committed", "already", "committed")


REFUSED: list[tuple[str, str, str, str, str, str]] = [
    ("dict", "X = {}\n", "X = {1: 2}\n", "m.X[5] = 6", "was changed while the program ran", "m.X == {5: 6}"),
    ("number", "X = 0\n", "X = 5\n", "m.X = 3", "was changed while the program ran", "m.X == 3"),
    (
        "global",
        "X = hash('')\ndef f():\n    global X\n    X = 7\n",
        "X = print() or 5\ndef f():\n    global X\n    X = 7\n",
        "m.f()",
        "was changed while the program ran",
        "m.X == 7",
    ),
    (
        "global impure",
        "X = id(object())\ndef f():\n    global X\n    X = 7\n",
        "X = 5\ndef f():\n    global X\n    X = 7\n",
        "m.f()",
        "a new value would lose that",
        "m.X == 7",
    ),
    (
        "object",
        "class P:\n    pass\nX = P()\n",
        "class P:\n    pass\nX = [P()]\n",
        "m.X.a = 1",
        "holds a P with the state of the running program",
        "m.X.a == 1",
    ),
    ("class", "class C:\n    X = []\n", "class C:\n    X = [1]\n", "m.C.X.append(9)", "C.X was changed while the program ran", "m.C.X == [9]"),
    ("raises", "X = 1\n", "X = 1 // 0\n", "", "ZeroDivisionError", "m.X == 1"),
    ("exits", "X = 1\n", "X = __import__('sys').exit(3)\n", "", "SystemExit", "m.X == 1"),
    ("gone", "X = 1\n", "X = 2\n", "del m.X", "gone from the running program", "not hasattr(m, 'X')"),
    ("taken", "Y = 1\n", "Y = 1\nX = 2\n", "m.X = 5", "is not what the patch was made against", "m.X == 5"),
    ("slots", "class C:\n    pass\n", "class C:\n    __slots__ = ()\n", "", "", "'__slots__' not in vars(m.C)"),
    (
        "equal to anything",
        "class E:\n    def __eq__(self, o): return True\n    __hash__ = None\nX = [1]\n",
        "class E:\n    def __eq__(self, o): return True\n    __hash__ = None\nX = [2]\n",
        "m.X[0] = m.E()",
        "changed while",
        "type(m.X[0]).__name__ == 'E'",
    ),
]


def test_what_the_program_made_of_a_value_is_never_overwritten(tmp_path: Path, edge: str) -> None:
    drive = Drive(tmp_path, edge, {f"case{number}.py": case[1] for number, case in enumerate(REFUSED)})
    for number, (_, _, new, run, _, kept) in enumerate(REFUSED):
        drive.run(f"import case{number} as m\n{run}")
        drive.reload(**{f"case{number}": new})
        drive.ask(kept)

    answers = drive.answers()

    for (name, _, _, _, words, _), report, held in zip(REFUSED, answers[::2], answers[1::2], strict=True):
        assert (name, report["ok"], report["state"], held) == (name, False, "refused", True)
        assert words in report["error"], name
        assert report["error"].endswith("."), name


def test_a_module_with_a_hook_may_carry_its_state_over_itself(tmp_path: Path, edge: str) -> None:
    drive = Drive(tmp_path, edge, {"m.py": "X = {}\n"})
    drive.run("import m\nm.X['a'] = 1")
    drive.reload(m="X = {'fresh': True}\ndef __reload__(old, new):\n    pass\n")
    drive.ask("'fresh' in m.X")

    report, fresh = drive.answers()

    assert (report["ok"], fresh) == (True, True), report["error"]


def test_a_removed_name_that_holds_state_stays_and_finds_its_state_when_it_comes_back(tmp_path: Path, edge: str) -> None:
    text = "X = {}\nY = 1\nZ = [1]\n"
    drive = Drive(tmp_path, edge, {"m.py": text})
    drive.run("import m\nm.X['a'] = 1\nx = m.X")
    drive.reload(m="W = 1\n")
    drive.ask("(m.X is x, hasattr(m, 'Y'), hasattr(m, 'Z'))")
    drive.reload(m="W = 2\n")
    drive.run("m.X['b'] = 2")
    drive.reload(m=text + "W = 2\n")
    drive.ask("(m.X, m.Y, m.Z)")

    removed, held, _, back, after = drive.answers()

    assert (actions(removed)["m.X"], actions(removed)["m.Y"], actions(removed)["m.Z"]) == ("kept", "removed", "removed")
    assert held == (True, False, False)
    assert actions(back)["m.X"] == "kept"
    assert after == ({"a": 1, "b": 2}, 1, [1])


def test_containers_that_others_hold_are_refilled_and_names_alone_bound_anew(tmp_path: Path, python: str) -> None:
    files = {
        "m.py": "ROUTES = {'a': 1}\nNAMES = ['x']\nSEEN = {1}\nALONE = {'a': 1}\n",
        "user.py": "from m import ROUTES, NAMES, SEEN, ALONE\nclass App:\n    def __init__(self, routes): self.routes = routes\n"
        "app = App(ROUTES)\nlookup = {'n': NAMES}\nget = SEEN.issuperset\n",
    }
    drive = Drive(tmp_path, python, files)
    drive.run("import m, user\nbefore = [id(item) for item in (m.ROUTES, m.NAMES, m.SEEN)]\nrunning = iter(user.ALONE)")
    drive.reload(m="ROUTES = {'b': 2, 'c': 3}\nNAMES = ['y', 'z']\nSEEN = {2}\nALONE = {'b': 2, 'c': 3}\n")
    drive.ask("(m.ROUTES, user.ROUTES, user.app.routes, m.NAMES, user.lookup, m.SEEN, user.get({2}), m.ALONE, user.ALONE)")
    drive.ask("(before == [id(item) for item in (m.ROUTES, m.NAMES, m.SEEN)], next(running))")
    drive.change("'b': 2, 'c': 3", "'a': 1", "m.py")
    drive.ask("(user.app.routes, m.ALONE)")
    drive.change("'a': 1", "'d': 4", "m.py")
    drive.run("m.ROUTES['made since'] = 1")
    drive.change("'d': 4", "'a': 1", "m.py")
    drive.ask("m.ROUTES.get('made since')")

    report, values, identity, _, back, _, _, since = drive.answers()

    new = {"b": 2, "c": 3}
    assert (report["ok"], values) == (True, (new, new, new, ["y", "z"], {"n": ["y", "z"]}, {2}, True, new, new)), report["error"]
    assert identity == (True, "a")
    assert back == ({"a": 1}, {"a": 1})
    assert since == 1


LATE = """\
def build(n):
    return [n] * 2
class Maker:
    def __init__(self, n): self.n = n
    def made(self): return ("old", self.n)
TABLE = 1
MADE = 1
RECORD = 1
"""


def test_what_calls_changed_code_is_computed_by_the_new_code(tmp_path: Path, python: str) -> None:
    new = (
        LATE.replace("[n] * 2", "[n, helper(n)]")
        .replace('"old"', '"new"')
        .replace("TABLE = 1", "TABLE = build(3)")
        .replace("MADE = 1", "MADE = Maker(4).made()")
        .replace("RECORD = 1", "RECORD = {'f': build}")
        + "def helper(n):\n    return n * FACTOR\nFACTOR = 10\nADDED = build(1)\nAFTER = ADDED + TABLE\n"
    )
    drive = Drive(tmp_path, python, {"m.py": LATE, "other.py": "import m\nfrom m import TABLE\nCOPY = [m.TABLE]\n"})
    drive.run("import m, other\nbuild = m.build")
    drive.reload(m=new)
    drive.ask("(m.TABLE, m.MADE, m.RECORD['f'] is build, m.build is build, m.ADDED, m.AFTER, other.TABLE, other.COPY)")
    drive.reload(m=new)

    report, values, again = drive.answers()

    assert (report["ok"], values) == (True, ([3, 30], ("new", 4), True, True, [1, 10], [1, 10, 3, 30], [3, 30], [[3, 30]])), report["error"]
    assert again["state"] == "already"


def test_values_of_a_transaction_see_each_other_across_modules(tmp_path: Path, python: str) -> None:
    files = {"config.py": "LIMIT = 1\nHALF = LIMIT / 2\n", "app.py": "import config\nfrom config import LIMIT\nX = 0\nY = 0\nZ = 0\nW = 0\nprint\n"}
    drive = Drive(tmp_path, python, files)
    drive.run("import config, app")
    drive.reload(
        app="import config\nfrom config import LIMIT\nX = config.LIMIT * 2\nY = [LIMIT for _ in range(2)]\nZ = config.HALF + 1\n"
        "W = [config.LIMIT, str(object)[:1]]\nprint\n",
        config="LIMIT = 5\nHALF = LIMIT / 2\n",
    )
    drive.ask("(app.X, app.Y, app.Z, app.W[0], app.LIMIT, config.HALF)")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, (10, [5, 5], 3.5, 5, 5, 2.5)), report["error"]


def test_annotations_follow_where_they_are_kept(tmp_path: Path, python: str) -> None:
    text = "X: int = 1\n"
    drive = Drive(tmp_path, python, {"m.py": text, "f.py": f"from __future__ import annotations\n{text}"})
    drive.run("import m, f\nx = m.X")
    drive.reload(m=text.replace("int", "str"), f="from __future__ import annotations\n" + text.replace("int", "List[str]"))
    drive.ask("(m.X, m.__annotations__['X'].__name__, m.X is x, f.__annotations__['X'])")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, (1, "str", True, "List[str]")), report["error"]


def test_unchanged_initialisers_are_not_run_again(tmp_path: Path, edge: str) -> None:
    text = "import itertools\nRUNS = []\ndef run(x):\n    RUNS.append(x)\n    return x\nA = run('a')\nB: int = run('b')\nC = 1\n"
    drive = Drive(tmp_path, edge, {"m.py": text})
    drive.run("import m")
    drive.reload(m="\n\n" + text.replace("C = 1", "C = 2").replace("B: int", "B: str"))
    drive.ask("(m.RUNS, m.C)")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, (["a", "b"], 2)), report["error"]


def test_the_report_names_each_constant(tmp_path: Path) -> None:
    drive = Drive(tmp_path, "", {"m.py": "A = 1\nB = 1\nC = 1\nclass K:\n    D = 1\n"})
    drive.run("import m")
    drive.reload(m="A = 2\nC = 1\nE = 1\nclass K:\n    D = 2\n")

    (report,) = drive.answers()

    found: dict[str, Any] = actions(report)
    assert found == {"m.A": "replaced", "m.E": "added", "m.B": "removed", "m.K.D": "replaced"}
