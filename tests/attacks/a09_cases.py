"""Cases of planted bytecode and shadowing files next to what a reload imports: the approved text runs, or nothing does."""

from __future__ import annotations

import importlib.util
import py_compile
import sys
from pathlib import Path

from world import World

BASE = "def f():\n    return 1\n"


def _poison(w, name, text="WHO = 'POISON'\ndef who():\n    return 'POISON'\n", mode=py_compile.PycInvalidationMode.UNCHECKED_HASH):
    """Plant bytecode of another text for a module, which Python loads without looking at the source."""
    evil = Path(w.folder, "evil_source.txt")
    evil.write_text(text, encoding="utf-8")
    target = importlib.util.cache_from_source(w.path(name))
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    py_compile.compile(str(evil), cfile=target, dfile=w.path(name), invalidation_mode=mode)
    return target


def a_new_file_of_the_patch_runs_from_its_approved_text():
    w = World(app=BASE)
    w.write("helper", "def who():\n    return 'approved'\n")
    assert Path(_poison(w, "helper")).exists()
    w.texts["helper"] = None
    w.reload(helper="def who():\n    return 'approved'\n", app="import helper\n" + BASE.replace("1", "helper.who()"))
    assert w.app.f() == "approved"
    assert sys.modules["helper"].__loader__.get_code("helper") is not None


def what_lies_on_the_disk_in_place_of_a_new_file_is_not_run():
    w = World(app=BASE)
    w.write("helper", "raise SystemExit('the disk was read')\n")
    w.texts["helper"] = None
    report = w.transaction({"helper": "def who():\n    return 'approved'\n", "app": "import helper\n" + BASE.replace("1", "helper.who()")}).commit()
    assert report.ok, report.error
    assert w.app.f() == "approved"


def a_package_planted_beside_a_new_file_is_not_run():
    w = World(app=BASE)
    Path(w.folder, "helper").mkdir()
    Path(w.folder, "helper", "__init__.py").write_text("def who():\n    return 'POISON'\n", encoding="utf-8")
    w.texts["helper"] = None
    report = w.transaction({"helper": "def who():\n    return 'approved'\n", "app": "import helper\n" + BASE.replace("1", "helper.who()")}).commit()
    assert not report.ok or w.app.f() == "approved", w.app.f()


def a_changed_module_never_reads_bytecode():
    w = World(app=BASE)
    for mode in (py_compile.PycInvalidationMode.UNCHECKED_HASH, py_compile.PycInvalidationMode.TIMESTAMP):
        _poison(w, "app", "def f():\n    return 'POISON'\n", mode)
        w.reload(app=BASE.replace("1", "2"))
        assert w.app.f() == 2
        w.reload(app=BASE)
        assert w.app.f() == 1


def a_planted_bytecode_file_leaves_no_trace_in_tracebacks_and_sources():
    import inspect

    w = World(app=BASE)
    _poison(w, "app", "def f():\n    return 'POISON'\n")
    w.write("app", BASE.replace("1", "3"))
    w.texts["app"] = BASE
    w.reload(app=BASE.replace("1", "3"))
    assert inspect.getsource(w.app.f) == "def f():\n    return 3\n"
