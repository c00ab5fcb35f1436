"""What is computed from changed constants, in the same module and in others, over any number of steps."""

from __future__ import annotations

from pathlib import Path

from tests.unit.probe.reload_values.drive import Drive, actions

FILES = {
    "pkg/__init__.py": "from .config import LIMIT, LIMIT as CAP\nfrom .config import *\n",
    "pkg/config.py": "LIMIT = 10\nNAMES = ['a', 'b']\n_PRIVATE = 3\nclass Settings:\n    rate = 2\n    doubled = rate * 2\n",
    "app.py": """\
import pkg.config
import pkg.config as c
from pkg import CAP, NAMES
from pkg.config import LIMIT as L, Settings
DOUBLE = L * 2
TOTAL = pkg.config.LIMIT + 1
TABLE = {k: c.LIMIT for k in NAMES}
PAIR = FIRST, SECOND = (L, CAP + 1)
TEXT = f"{L} of {len(NAMES)}"
RATE = Settings.doubled + Settings.rate
ALIAS = NAMES
class C:
    SIZE = DOUBLE + 1
    __hidden = L
    def m(self, n=L, *, k=CAP):
        return n, k
    @staticmethod
    def s(n=-L):
        return n
    def hidden(self):
        return self.__hidden
def f(a, n=L, *, k=DOUBLE):
    return n, k
def g(n=[L]):
    return n
""",
    "top.py": "from app import DOUBLE, C\nimport app as a\nQUAD = DOUBLE * 2\nSIZE = C.SIZE\nMOST = max(a.TOTAL, 3)\nDEEP = {'q': [QUAD, a.ALIAS]}\n",
    "star.py": "from pkg import *\nTRIPLE = LIMIT * 3\n",
}
ASK = (
    "(pkg.config.LIMIT, pkg.CAP, app.L, app.DOUBLE, app.TOTAL, app.TABLE, app.PAIR, app.SECOND, app.TEXT, app.C.SIZE, app.C().m(), app.C.s(), "
    "app.C().hidden(), app.f(0), app.g(), "
    "top.DOUBLE, top.QUAD, top.SIZE, top.MOST, top.DEEP['q'][0], star.LIMIT, star.TRIPLE, sys.modules['__main__'].M)"
)


def expected(n: int) -> tuple[object, ...]:
    """What all of them are for one limit."""
    return (
        n, n, n, 2 * n, n + 1, {"a": n, "b": n}, (n, n + 1), n + 1, f"{n} of 2", 2 * n + 1, (n, n), -n, n, (n, 2 * n), [n],
        2 * n, 4 * n, 2 * n + 1, n + 1, 4 * n, n, 3 * n, n,
    )  # fmt: skip


def test_everything_computed_from_a_constant_follows_it_and_comes_back(tmp_path: Path, python: str) -> None:
    drive = Drive(tmp_path, python, FILES)
    drive.run(
        "import pkg.config, app, top, star\nfrom pkg.config import LIMIT as M\nheld = app.f, app.C\n"
        "sys.modules['__main__'].__file__ = folder + '/main.py'\nsys.modules['__main__'].M = M\n"
        "open(folder + '/main.py', 'w').write('from pkg.config import LIMIT as M\\n')\n"
    )
    drive.ask(ASK)
    drive.change("LIMIT = 10", "LIMIT = 20", "pkg/config.py")
    drive.ask(ASK)
    drive.ask("(held[0] is app.f, held[1] is app.C)")
    drive.change("LIMIT = 20", "LIMIT = 10\n# back", "pkg/config.py")
    drive.ask(ASK)
    drive.change("['a', 'b']", "['a', 'b', 'c']", "pkg/config.py")
    drive.ask("(sorted(app.TABLE), app.TEXT, app.ALIAS, app.NAMES is pkg.NAMES is pkg.config.NAMES, top.DEEP['q'][1], top.DEEP['q'][1] is app.ALIAS)")
    drive.change("rate = 2", "rate = 5", "pkg/config.py")
    drive.ask("(pkg.Settings.rate, pkg.Settings.doubled, app.RATE)")

    before, report, after, same, again, back, _, names, rated, rates = drive.answers()

    assert before == expected(10)
    assert (report["ok"], after, same) == (True, expected(20), (True, True)), report["error"]
    assert (again["ok"], back) == (True, expected(10)), again["error"]
    assert names == (["a", "b", "c"], "10 of 3", ["a", "b", "c"], True, ["a", "b", "c"], True)
    assert (rated["ok"], rates) == (True, (5, 10, 15)), rated["error"]


def test_what_cannot_be_done_again_is_kept_and_said(tmp_path: Path, python: str) -> None:
    files = {
        "config.py": "LIMIT = 1\n",
        "app.py": """\
from config import LIMIT
SEEN = []
class Pool:
    def __init__(self, n): self.n = n; SEEN.append(n)
def noisy(n): SEEN.append(n); return n
POOL = Pool(LIMIT)
NOISY = noisy(LIMIT)
TWICE = LIMIT
TWICE += LIMIT
MUTATED = {"n": LIMIT}
SET = LIMIT
def change():
    global SET
    SET = 5
if LIMIT > 5:
    SEEN.append("big")
print("limit", LIMIT)
OTHER = [1]
FINE = LIMIT + 1
""",
    }
    drive = Drive(tmp_path, python, files)
    drive.run("import config, app\napp.MUTATED['more'] = 1\napp.change()\nPOOL = app.POOL")
    drive.change("LIMIT = 1", "LIMIT = 9", "config.py")
    drive.ask("(app.LIMIT, app.SEEN, app.POOL is POOL, app.POOL.n, app.NOISY, app.TWICE, app.MUTATED, app.SET, app.FINE)")

    report, values = drive.answers()

    assert values == (9, [1, 1], True, 1, 1, 2, {"n": 1, "more": 1}, 5, 10)
    found = actions(report)
    assert {name: found.get(f"app.{name}") for name in ("POOL", "NOISY", "TWICE", "MUTATED", "SET", "FINE", "OTHER")} == {
        "POOL": "kept", "NOISY": "kept", "TWICE": "kept", "MUTATED": "kept", "SET": "kept", "FINE": "replaced", "OTHER": None,
    }  # fmt: skip
    assert {found.get("app.line 15"), found.get("app.line 17")} == {"kept"}
    kept = [item for item in report["definitions"] if item["action"] == "kept"]
    assert all("config.LIMIT" in item["reason"] or "app.LIMIT" in item["reason"] for item in kept)
    assert all(item["reason"].endswith("restart the program for it.") for item in kept)


def test_functions_that_read_a_constant_give_what_is_made_with_them_anew(tmp_path: Path, python: str) -> None:
    files = {
        "config.py": "LIMIT = 1\ndef twice():\n    return LIMIT * 2\ndef more(n):\n    return twice() + n\nOWN = more(1)\n",
        "app.py": "from config import more, OWN\nimport config\nMADE = more(10)\nNEXT = MADE + 1\n"
        "KEYED = sorted([1, 2], key=lambda n: n * config.LIMIT)\nHELD = [more]\nCOPY = OWN\n",
        "last.py": "from app import NEXT\nEND = NEXT * 2\n",
    }
    drive = Drive(tmp_path, python, files)
    drive.run("import config, app, last\nmore = app.more")
    drive.change("LIMIT = 1", "LIMIT = -3", "config.py")
    drive.ask("(config.OWN, app.OWN, app.COPY, app.MADE, app.NEXT, last.NEXT, last.END, app.KEYED, app.HELD[0] is more)")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, (-5, -5, -5, 4, 5, 5, 10, [2, 1], True)), report["error"]


def test_circular_imports_end(tmp_path: Path, python: str) -> None:
    files = {"a.py": "X = 1\nimport b\nY = b.P + X\n", "b.py": "import a\nP = a.X + 1\nQ = P * 2\n"}
    drive = Drive(tmp_path, python, files)
    drive.run("import a, b")
    drive.change("X = 1", "X = 100", "a.py")
    drive.ask("(a.X, b.P, b.Q, a.Y)")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, (100, 101, 202, 201)), report["error"]


def test_a_diamond_sees_all_its_inputs_new(tmp_path: Path, edge: str) -> None:
    files = {
        "a.py": "N = 1\n", "b.py": "from a import N\nB = N + 1\n", "c.py": "from b import B\nC = B + 1\n",
        "d.py": "from a import N\nfrom b import B\nfrom c import C\nD = (N, B, C)\nE = sum(D)\n",
    }  # fmt: skip
    drive = Drive(tmp_path, edge, files)
    drive.run("import d")
    drive.change("N = 1", "N = 10", "a.py")
    drive.ask("(d.D, d.E)")

    report, values = drive.answers()

    assert (report["ok"], values) == (True, ((10, 11, 12), 33)), report["error"]


def test_a_replaced_object_takes_its_place_in_what_holds_it(tmp_path: Path, edge: str) -> None:
    files = {"m.py": "KEY = 'a'\nBASE = {'k': KEY}\n", "n.py": "from m import BASE\nALL = [BASE, 1]\nONE = BASE\nTWO = {**BASE, 'z': 1}\n"}
    drive = Drive(tmp_path, edge, files)
    drive.run("import n")
    drive.change("KEY = 'a'", "KEY = 'b'", "m.py")
    drive.ask("(n.BASE, n.ALL, n.ONE, n.TWO, n.ALL[0] is n.BASE, n.ONE is n.BASE)")

    report, values = drive.answers()

    new = {"k": "b"}
    assert (report["ok"], values) == (True, (new, [new, 1], new, {"k": "b", "z": 1}, True, True)), report["error"]
