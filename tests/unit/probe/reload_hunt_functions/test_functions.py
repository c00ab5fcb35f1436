"""Functions, decorators, closures and modules in real programs, on every interpreter: what a reload did, and its way back."""

from __future__ import annotations

import os
import subprocess
import textwrap
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[4] / "nexoide"


def run(python: str, tmp_path: Path, old: dict[str, str], new: dict[str, str], program: str) -> None:
    """Run `program` with the old texts on the path: `change()` applies the new ones and `back()` reverts that."""
    folder, library = tmp_path / "program", tmp_path / "library"
    for path in (folder, library):
        path.mkdir()
    (library / "nexoide").symlink_to(PACKAGE)
    for name, text in old.items():
        (folder / name).write_text(text)
    head = f"""
        import sys
        sys.path.insert(0, {str(folder)!r})
        from nexoide.probe import Reloader
        reloader, files, last = Reloader([{str(folder)!r}]), {new!r}, []
        def change():
            last.append(reloader.apply(files))
            return last[-1]
        def back():
            report = reloader.revert(last[-1].generation)
            assert report.state == "committed", report.error
    """
    env = {**os.environ, "PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([python, "-c", textwrap.dedent(head) + textwrap.dedent(program)], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


LAMBDAS = "X = 1\nZ = 2\nT = {'a': lambda: (X, 1), 'b': len}\nclass C:\n    V = {'k': lambda self: X}\nL = [lambda i=i: (i, X) for i in range(Z)]\n"


def test_lambdas_in_data_read_the_module_itself(python: str, tmp_path: Path) -> None:
    new = LAMBDAS.replace("Z = 2", "Z = 3\nY = 5").replace("(X, 1), 'b'", "(X, 2), 'c': lambda: Y + X, 'b'").replace("self: X}", "self: -X, 'n': 1}")
    program = """
        import m
        a, v, table = m.T["a"], m.C.V["k"], m.T
        assert change().ok
        assert (a(), v(0), len(m.L), m.T["c"](), m.T is table) == ((1, 2), -1, 3, 6, True)
        m.X = 7
        assert (m.T["a"](), m.T["c"](), m.L[2](), m.C.V["k"](0)) == ((7, 2), 12, (2, 7), -7)
        back()
        assert (a(), v(0), m.T["a"](), sorted(m.T), m.L[0]()) == ((7, 1), 7, (7, 1), ["a", "b"], (0, 7))
    """
    run(python, tmp_path, {"m.py": LAMBDAS}, {"m.py": new}, program)


def test_lambdas_recomputed_from_another_modules_constant_read_the_module_itself(python: str, tmp_path: Path) -> None:
    text = "from c import BASE\nX = 1\nclass C:\n    A = BASE\n    T = {'a': A, 'f': lambda: X}\n"
    program = """
        import m
        assert change().ok
        m.X = 5
        assert (m.C.T["a"], m.C.T["f"]()) == (4, 5)
    """
    run(python, tmp_path, {"c.py": "BASE = 3\n", "m.py": text}, {"c.py": "BASE = 4\n"}, program)


def test_a_closure_with_state_is_not_given_up_and_one_without_is_replaced(python: str, tmp_path: Path) -> None:
    text = """
def counter(n):
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
def scale(k):
    return lambda x: x * k
C = counter(5)
S = scale(5)
"""
    program = """
        import m
        m.C()
        report = change()
        assert report.state == "refused" and "m.C" in report.error and m.C() == 7
        files["m.py"] = files["m.py"].replace("counter(50)", "counter(5)")
        assert change().ok and m.S(1) == 50 and m.C() == 8
        back()
        assert m.S(1) == 5
    """
    run(python, tmp_path, {"m.py": text}, {"m.py": text.replace("(5)", "(50)")}, program)


REGISTRY = """
HOOKS, ROUTES = {}, {}
def on(name, prio=0):
    def deco(f):
        HOOKS.setdefault(name, []).append((prio, f))
        return f
    return deco
def route(path):
    def deco(f):
        ROUTES[path] = f
        return f
    return deco
"""
USES = """
from functools import singledispatch
from reg import on, route
@on("start", prio=1)
def a(): return "a"
@on("start", prio=2)
def b(): return "b"
@on("stop")
def c(): return "c"
@route("/x")
def x(): return "x"
@route("/y")
def y(): return "y"
@singledispatch
def show(v): return "object"
@show.register(int)
def _i(v): return "int"
@show.register(str)
def _s(v): return "str"
"""


def test_what_a_decorator_registered_moves_with_its_arguments_and_goes_with_its_function(python: str, tmp_path: Path) -> None:
    new = USES.replace("prio=1", "prio=3").replace('"stop"', '"halt"').replace('"/x"', '"/z"').replace("int)", "float)")
    new = new.replace('@route("/y")\ndef y(): return "y"\n', "").replace('@show.register(str)\ndef _s(v): return "str"\n', "")
    program = """
        import reg, m
        reg.ROUTES["by hand"] = m.x
        shown = lambda: [m.show(1), m.show("a"), m.show(1.5)]
        fire = lambda: {name: [f() for _, f in sorted(hooks, key=lambda pair: pair[0])] for name, hooks in reg.HOOKS.items() if hooks}
        before = fire(), sorted(reg.ROUTES), shown()
        assert change().ok
        assert fire() == {"start": ["b", "a"], "halt": ["c"]}
        assert sorted(reg.ROUTES) == ["/z", "by hand"] and reg.ROUTES["/z"]() == "x"
        assert shown() == ["object", "object", "int"]
        back()
        assert (fire(), sorted(reg.ROUTES), shown()) == before
    """
    run(python, tmp_path, {"reg.py": REGISTRY, "m.py": USES}, {"m.py": new}, program)


def test_held_functions_follow_to_the_module_they_moved_to(python: str, tmp_path: Path) -> None:
    old = {
        "a.py": "def f(x): return ('a', x)\ndef g(x): return ('a', x)\ndef h(x): return ('a', x)\nN = 1\n",
        "b.py": "M = 1\n",
        "c.py": "from a import f, g, h\nT = [f, g, h]\n",
    }
    new = {
        "a.py": "from b import g\nN = 1\n",
        "b.py": "M = 1\ndef f(x): return ('b', x)\ndef g(x): return ('b', x)\n",
        "n.py": "def h(x): return ('n', x)\n",
        "c.py": "from b import f, g\nfrom n import h\nT = [f, g, h]\n",
    }
    program = """
        import a, b, c
        held = list(c.T)
        assert change().ok
        assert [f(1) for f in held] == [f(1) for f in c.T] == [("b", 1), ("b", 1), ("n", 1)] and not hasattr(a, "f")
        back()
        assert [f(1) for f in held] == [("a", 1)] * 3 and "n" not in sys.modules
    """
    run(python, tmp_path, old, new, program)


def test_star_importers_follow_what_a_module_lists(python: str, tmp_path: Path) -> None:
    text = "__all__ = ['one', 'two']\ndef one(): return 1\ndef two(): return 2\ndef three(): return 3\n"
    program = """
        import m, k
        assert change().ok
        assert m.three() == 3 and not hasattr(m, "two") and k.two() == 2
        back()
        assert m.two() == 2 and not hasattr(m, "three")
    """
    old = {"lib.py": text, "m.py": "from lib import *\n", "k.py": "from m import *\nfrom lib import two\n"}
    run(python, tmp_path, old, {"lib.py": text.replace("'two']", "'three']")}, program)


def test_a_new_file_sees_what_the_same_patch_changes(python: str, tmp_path: Path) -> None:
    new = {
        "alpha.py": "VAL = 5\ndef mk(): return 'new'\ndef added(): return 'added'\n",
        "gamma.py": "from alpha import VAL, mk, added\nimport alpha\nG = VAL + 1\nH = alpha.VAL * 10\nM = mk()\nclass K:\n    v = VAL\n",
        "app.py": "import alpha\nfrom gamma import G, M, K\ndef g(): return alpha.VAL, G, M, K.v\n",
    }
    program = """
        import app
        assert change().ok
        assert app.g() == (5, 6, "new", 5) and sys.modules["gamma"].H == 50
        back()
        assert app.g() == 1 and "gamma" not in sys.modules
    """
    run(python, tmp_path, {"alpha.py": "VAL = 1\ndef mk(): return 'old'\n", "app.py": "import alpha\ndef g(): return alpha.VAL\n"}, new, program)


def test_a_patch_with_a_new_file_is_reverted_after_a_later_one_was(python: str, tmp_path: Path) -> None:
    program = """
        import app
        first = change()
        files = {"svc.py": "def get(): return 3\\n"}
        second = reloader.apply(files)
        assert app.run() == 3
        for generation in (second.generation, first.generation):
            assert reloader.revert(generation).state == "committed"
        assert app.run() == 1 and "svc" not in sys.modules
    """
    new = {"app.py": "from svc import get\ndef run(): return get()\n", "svc.py": "def get(): return 2\n"}
    run(python, tmp_path, {"app.py": "def run(): return 1\n"}, new, program)


def test_what_is_said_is_said_again_when_it_is_done_again(python: str, tmp_path: Path) -> None:
    text = "def counted(f):\n    calls = [0]\n    def w():\n        calls[0] += 1\n        return calls[0], f()\n    return w\n"
    new = text.replace("    def w", "    lock = open\n    def w").replace("calls[0], f()", "calls[0], lock, f()")
    program = """
        import m
        notes = change().notes
        assert any("keep their old code" in note for note in notes), notes
        back()
        assert change().notes == notes
    """
    run(python, tmp_path, {"d.py": text, "m.py": "from d import counted\n@counted\ndef f(): return 1\n"}, {"d.py": new}, program)


@pytest.mark.parametrize(("old", "new"), [("def f(x): return x\nclass G: pass\n", "class f: pass\ndef G(x): return x\n")])
def test_a_function_and_a_class_change_places(python: str, tmp_path: Path, old: str, new: str) -> None:
    program = """
        import m
        assert change().ok and isinstance(m.f, type) and m.G(1) == 1
        back()
        assert isinstance(m.G, type) and m.f(1) == 1
    """
    run(python, tmp_path, {"m.py": old}, {"m.py": new}, program)


def test_wrappers_without_state_are_replaced(python: str, tmp_path: Path) -> None:
    text = """
import functools
def slow(x): return x * 2
fast = functools.lru_cache(maxsize=4)(slow)
class C:
    def put(self, v, kind="x"): return kind, v
    off = functools.partialmethod(put, False, kind="y")
"""
    program = """
        import m
        c = m.C()
        assert change().ok and m.fast.cache_info().maxsize == 8 and c.off() == ("z", False)
        back()
        assert m.fast.cache_info().maxsize == 4 and c.off() == ("y", False)
    """
    run(python, tmp_path, {"m.py": text}, {"m.py": text.replace("maxsize=4", "maxsize=8").replace('"y"', '"z"')}, program)


def test_a_registration_moves_with_its_function_and_a_registry_that_takes_nothing_twice_takes_the_new_one(python: str, tmp_path: Path) -> None:
    registry = """
H, L = {}, []
def hook(name, **options):
    def deco(f):
        if name in H:
            raise ValueError(name)
        H[name] = (f, options)
        L.append(f)
        return f
    return deco
"""
    head = "from reg import hook\n"
    x, y = '@hook("x", a=1)\ndef x(): return 1\n', '@hook("y")\ndef y(): return 1\n'
    program = """
        import a, b, reg
        held, before = a.y, (dict(reg.H), list(reg.L))
        assert change().ok
        assert reg.H["x"][1] == {"a": 2} and reg.H["y"][0]() == 2 == held() and [f() for f in reg.L] == [1, 2]
        back()
        assert (reg.H, reg.L) == before and held() == 1
    """
    new = {"a.py": head + x.replace("a=1", "a=2"), "b.py": head + y.replace("return 1", "return 2")}
    run(python, tmp_path, {"reg.py": registry, "a.py": head + x + y, "b.py": head}, new, program)


def test_a_deleter_goes_and_wrappers_say_what_the_wrapped_function_says(python: str, tmp_path: Path) -> None:
    text = """
import functools
def deco(f):
    @functools.wraps(f)
    def w(*a, **k): return f(*a, **k)
    return w
@deco
def f(a):
    "one"
    return a
@functools.lru_cache
def g(a):
    "one"
    return a
class T:
    @property
    def c(self): return 1
    @c.deleter
    def c(self): pass
"""
    program = """
        import m
        f, g = m.f, m.g
        assert change().ok
        assert (f.__doc__, g.__doc__, f.__annotations__, g.__annotations__, f(1)) == ("two", "two", {"a": int}, {"a": int}, 1)
        assert m.T.c.fdel is None and m.T().c == 1
        back()
        assert (f.__doc__, g.__doc__, f.__annotations__) == ("one", "one", {}) and m.T.c.fdel is not None
    """
    new = text.replace('"one"', '"two"').replace("f(a)", "f(a: int)").replace("g(a)", "g(a: int)").replace("    @c.deleter\n    def c(self): pass\n", "")
    run(python, tmp_path, {"m.py": text}, {"m.py": new}, program)
