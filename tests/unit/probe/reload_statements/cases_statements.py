"""Cases of statements at the top of modules and classes, through the whole transaction."""

from __future__ import annotations

import logging
import os
import sys
import threading

from world import World

REGISTRY = """\
HANDLERS = {}
ORDER = []
CALLS = []


def register(function, name=None):
    HANDLERS[name or function.__name__] = function
    ORDER.append(function)
    CALLS.append("register")
    return function


def a():
    return "a"


def b():
    return "b"

"""


def _actions(report):
    """Return what a report says of statements."""
    return [item.action for item in report.definitions if item.kind == "statement"]


def an_added_call_runs_once_and_is_taken_back_exactly():
    old = REGISTRY + "register(a)\n"
    new = REGISTRY + "register(a)\nregister(b)\n"
    w = World(reg=old)
    before = w.structure()
    report = w.reload(reg=new)
    assert _actions(report) == ["runs"]
    assert list(w.reg.HANDLERS) == ["a", "b"]
    assert [w.reg.a, w.reg.b] == w.reg.ORDER
    assert w.reg.HANDLERS["b"] is w.reg.b
    w.reload(reg=old)
    assert w.structure() == before


def unchanged_statements_are_never_repeated():
    old = REGISTRY + "register(a)\nregister(b)\nCALLS.append('top')\n"
    w = World(reg=old)
    w.reload(reg="import os\n\n\n" + old.replace('return "b"', 'return "c"'))
    assert w.reg.CALLS == ["register", "register", "top"]
    assert w.reg.HANDLERS["b"]() == "c"


def state_made_since_survives_the_way_back():
    old = REGISTRY
    w = World(reg=old)
    w.reload(reg=REGISTRY + "register(a)\n")
    w.reg.HANDLERS["run time"] = 1
    w.reg.ORDER.insert(0, "run time")
    w.reload(reg=old)
    assert w.reg.HANDLERS == {"run time": 1}
    assert w.reg.ORDER == ["run time"]


def an_added_call_that_raises_undoes_everything():
    text = REGISTRY + "def both(x):\n    register(x)\n    raise SystemExit(2)\n"
    w = World(reg=text, other="VALUE = 1\ndef f():\n    return 1\n")
    sentence = w.refused(reg=text + "both(a)\n", other="VALUE = 2\nNEW = []\ndef f():\n    return 2\n")
    assert "SystemExit" in sentence
    assert w.other.f() == 1


def an_added_call_that_never_ends_is_bounded():
    import nexoide.probe.reload.statements.ran as ran

    ran.RUN_S = 0.3
    text = REGISTRY + "def spin(x):\n    register(x)\n    while True:\n        pass\n"
    w = World(reg=text)
    w.refused(reg=text + "spin(a)\n")


def what_would_end_or_block_the_program_is_refused():
    text = "import os, sys\nclass App:\n    def run(self): pass\n    def serve_forever(self): pass\napp = App()\n"
    w = World(app=text)
    for line in ("app.run()", "app.serve_forever()", "sys.exit(1)", "os._exit(3)", "os.fork()", "input()"):
        assert "must not run inside a reload" in w.refused(app=text + line + "\n")
        assert w.explain(app=text + line + "\n").state == "refused"


def explaining_runs_nothing():
    w = World(reg=REGISTRY)
    report = w.explain(reg=REGISTRY + "register(a)\nHANDLERS['x'] = a\nassert CALLS == []\n")
    assert report.ok, report.error
    assert w.reg.HANDLERS == {}
    assert _actions(report) == ["runs", "added", "added"]


def items_are_added_changed_and_removed():
    base = REGISTRY + "HANDLERS['one'] = a\nHANDLERS['two'] = a\n"
    w = World(reg=base)
    before = w.structure()
    w.reg.HANDLERS["mine"] = 5
    report = w.reload(reg=REGISTRY + "HANDLERS['one'] = b\nHANDLERS['three'] = b\n")
    assert set(_actions(report)) <= {"replaced", "added", "removed"}
    assert {"one": w.reg.b, "three": w.reg.b, "mine": 5} == w.reg.HANDLERS
    w.reload(reg=base)
    assert {"one": w.reg.a, "two": w.reg.a, "mine": 5} == w.reg.HANDLERS
    del w.reg.HANDLERS["mine"]
    assert w.structure().keys() == before.keys()
    assert list(w.reg.HANDLERS) in (["one", "two"], ["two", "one"])


def an_item_that_the_program_changed_is_a_conflict():
    base = "CONFIG = {}\nCONFIG['limit'] = 5\nCONFIG['other'] = 1\n"
    w = World(conf=base)
    w.conf.CONFIG["limit"] = 7
    sentence = w.refused(conf=base.replace("= 5", "= 6"))
    assert "CONFIG['limit']" in sentence
    assert "conf" in sentence
    w.reload(conf=base.replace("['other'] = 1", "['other'] = 2"))
    assert w.conf.CONFIG == {"limit": 7, "other": 2}


def an_entry_that_the_literal_has_as_well_is_not_guessed():
    base = "def f(): pass\ndef g(): pass\nH = {'a': f}\nH['a'] = g\n"
    w = World(lit=base)
    report = w.transaction({"lit": base.replace("H['a'] = g\n", "")}).commit()
    assert [item.action for item in report.definitions] == ["restart"]
    assert "stays until the program is restarted" in report.definitions[0].reason
    assert {"a": w.lit.g} == w.lit.H


def lists_keep_their_identity_and_order():
    base = "def a(): pass\ndef b(): pass\ndef c(): pass\nMIDDLE = [a]\nMIDDLE.append(b)\nMIDDLE.append(c)\n"
    w = World(mid=base)
    held = w.mid.MIDDLE
    before = w.structure()
    w.reload(mid=base.replace("append(b)", "append(a)"))
    assert held == [w.mid.a, w.mid.a, w.mid.c]
    w.reload(mid=base)
    assert held == [w.mid.a, w.mid.b, w.mid.c]
    assert w.structure() == before
    held.insert(1, "run time")
    w.reload(mid=base.replace("MIDDLE.append(b)\n", "MIDDLE.extend([c, b])\n"))
    assert w.mid.MIDDLE is held
    assert held == [w.mid.a, "run time", w.mid.c, w.mid.b, w.mid.c]
    w.reload(mid=base)
    assert held == [w.mid.a, "run time", w.mid.b, w.mid.c]
    held.insert(3, "between")
    w.reload(mid=base.replace("append(b)", "append(a)"))
    assert held == [w.mid.a, "run time", w.mid.a, "between", w.mid.c]


def an_element_added_in_the_middle_stands_in_the_middle():
    base = "M = []\nM.append('one')\nM.append('three')\n"
    w = World(order=base)
    w.order.M.append("run time")
    w.reload(order=base.replace("M.append('three')", "M.append('two')\nM.append('three')"))
    assert w.order.M == ["one", "two", "three", "run time"]
    w.reload(order=base)
    assert w.order.M == ["one", "three", "run time"]


def all_is_kept_up():
    base = "__all__ = ['a']\n__all__ += ['b']\na = b = c = 1\n"
    w = World(names=base)
    held = w.names.__all__
    w.reload(names=base.replace("+= ['b']", "+= ['b', 'c']"))
    assert held == ["a", "b", "c"]
    w.reload(names=base)
    assert held == ["a", "b"]
    w.reload(names=base.replace("__all__ += ['b']\n", ""))
    assert held == ["a"]


def numbers_are_counted_once():
    base = "TOTAL = 10\nTOTAL += 5\nNAME = 'a'\nNAME += 'b'\n"
    w = World(total=base, user="from total import TOTAL\ndef get():\n    return TOTAL\n")
    report = w.reload(total=base.replace("+= 5", "+= 7"))
    assert _actions(report) == ["replaced"]
    assert (w.total.TOTAL, w.user.get()) == (17, 17)
    w.reload(total=base + "TOTAL += 1\n")
    assert w.total.TOTAL == 16
    w.reload(total=base)
    assert (w.total.TOTAL, w.user.get()) == (15, 15)
    w.total.TOTAL = 99
    assert "was changed while the program ran" in w.refused(total=base.replace("+= 5", "+= 8"))


def loops_are_compared_by_what_they_put_where():
    base = REGISTRY + "for name in ('x', 'y'):\n    HANDLERS[name] = a\n"
    w = World(reg=base)
    w.reg.HANDLERS["mine"] = 1
    w.reload(reg=base.replace("('x', 'y')", "('y', 'z')"))
    assert {"y": w.reg.a, "z": w.reg.a, "mine": 1} == w.reg.HANDLERS
    w.reload(reg=base.replace("('x', 'y')", "('y', 'z')").replace("= a", "= b"))
    assert {"y": w.reg.b, "z": w.reg.b, "mine": 1} == w.reg.HANDLERS
    w.reload(reg=REGISTRY)
    assert w.reg.HANDLERS == {"mine": 1}


def attributes_are_set():
    base = "class C:\n    pass\nclass D:\n    pass\nobj = C()\ndef f(): pass\nf.mark = 1\nC.kind = 'x'\nobj.size = 3\n"
    w = World(attrs=base)
    before = w.structure()
    w.reload(attrs=base.replace("mark = 1", "mark = 2").replace("'x'", "'y'").replace("size = 3", "weight = 4"))
    assert (w.attrs.f.mark, w.attrs.C.kind, vars(w.attrs.obj)) == (2, "y", {"weight": 4})
    w.reload(attrs=base)
    assert (w.attrs.f.mark, w.attrs.C.kind, vars(w.attrs.obj)) == (1, "x", {"size": 3})
    assert w.structure().keys() == before.keys()


def lambdas_in_containers_follow():
    base = "H = {}\nH['k'] = lambda n: n + 1\n"
    w = World(lam=base)
    held = w.lam.H["k"]
    w.reload(lam=base.replace("n + 1", "n + 2"))
    assert w.lam.H["k"](1) == 3
    assert held(1) == 3
    w.reload(lam=base.replace("lambda n: n + 1", "lambda n, m=5: n + m"))
    assert w.lam.H["k"](1) == 6


def a_changed_registration_is_refused_not_doubled():
    base = REGISTRY + "register(a)\n"
    w = World(reg=base)
    sentence = w.refused(reg=REGISTRY + "register(a, 'other')\n")
    assert "restart the program for it" in sentence
    assert w.reg.CALLS == ["register"]


def a_changed_registration_that_the_engine_made_is_redone():
    w = World(reg=REGISTRY)
    w.reload(reg=REGISTRY + "register(a)\n")
    w.reload(reg=REGISTRY + "register(a, 'other')\n")
    assert {"other": w.reg.a} == w.reg.HANDLERS
    assert [w.reg.a] == w.reg.ORDER
    w.reload(reg=REGISTRY)
    assert (w.reg.HANDLERS, w.reg.ORDER, w.reg.CALLS) == ({}, [], [])


def a_removed_registration_is_told():
    base = REGISTRY + "register(a)\n"
    w = World(reg=base)
    report = w.transaction({"reg": REGISTRY}).commit()
    assert report.ok, report.error
    assert _actions(report) == ["restart"]
    assert {"a": w.reg.a} == w.reg.HANDLERS


def an_import_with_a_fallback_is_tried_again():
    base = "try:\n    import no_such_module_anywhere as j\nexcept ImportError:\n    j = None\nKEPT = []\n"
    w = World(fall=base)
    w.fall.KEPT.append(1)
    w.reload(fall=base.replace("no_such_module_anywhere", "json"))
    assert w.fall.j is sys.modules["json"]
    assert w.fall.KEPT == [1]
    w.reload(fall=base)
    assert w.fall.j is None


def blocks_with_another_head_take_the_branch_that_holds():
    base = "import sys\nDEBUG = False\n"
    base += "if DEBUG:\n    LEVEL = 'debug'\n    def show():\n        return 1\nelse:\n    LEVEL = 'info'\n    def show():\n        return 2\n"
    w = World(blk=base)
    held = w.blk.show
    report = w.reload(blk=base.replace("if DEBUG:", "if not DEBUG:"))
    assert (w.blk.LEVEL, w.blk.show(), held()) == ("debug", 1, 1)
    assert report.ok
    w.reload(blk=base)
    assert (w.blk.LEVEL, held()) == ("info", 2)
    report = w.transaction({"blk": base.replace("if DEBUG:", "if DEBUG and sys.version_info >= (3,):")}).commit()
    assert report.ok
    assert (w.blk.LEVEL, held()) == ("info", 2)


def added_blocks_bind_what_they_define():
    base = "import sys\nA = 1\n"
    w = World(add=base)
    before = w.structure()
    w.reload(add=base + "if sys.version_info >= (3, 0):\n    import json as codec\n    B = A + 1\n    def f():\n        return B\nelse:\n    B = 0\n")
    assert (w.add.codec, w.add.B, w.add.f()) == (sys.modules["json"], 2, 2)
    w.reload(add=base)
    assert w.structure() == before


def a_block_that_did_not_run_changes_nothing():
    base = REGISTRY + "DEBUG = False\nif DEBUG:\n    register(a)\n"
    w = World(reg=base)
    report = w.transaction({"reg": base.replace("register(a)", "register(b)")}).commit()
    assert report.ok
    assert _actions(report) == ["unchanged"]
    assert w.reg.CALLS == []


def a_with_block_runs_where_it_is_new():
    base = "import threading\nLOCK = threading.Lock()\nDATA = []\n"
    w = World(wit=base)
    w.reload(wit=base + "with LOCK:\n    DATA.append(1)\n    EXTRA = 5\n")
    assert (w.wit.DATA, w.wit.EXTRA) == ([1], 5)
    w.reload(wit=base)
    assert w.wit.DATA == []
    assert not hasattr(w.wit, "EXTRA")


def assertions_hold_or_refuse():
    base = "LIMIT = 5\n"
    w = World(lim=base)
    assert "does not hold" in w.refused(lim=base + "assert LIMIT > 10\n")
    assert w.transaction({"lim": base + "assert LIMIT > 1\n"}).commit().ok


def a_raise_is_an_error_of_the_new_text():
    w = World(rai="X = 1\n")
    assert "ValueError" in w.refused(rai="X = 1\nraise ValueError('not ready')\n")


def deleting_takes_a_name_away():
    base = "import os\nA = 1\nB = 2\n"
    w = World(dele=base)
    w.reload(dele=base + "del B\n")
    assert not hasattr(w.dele, "B")
    w.reload(dele=base)
    assert w.dele.B == 2


def what_only_speaks_is_not_repeated():
    base = "SAID = []\ndef hello(text):\n    SAID.append(text)\nprint('one')\n"
    w = World(say=base)
    report = w.transaction({"say": base.replace("'one'", "'two'")}).commit()
    assert report.ok
    assert _actions(report) == ["kept"]


def logging_is_set_up_again():
    base = "import logging\nlogging.basicConfig(level=logging.WARNING)\n"
    root = logging.getLogger()
    w = World(logs=base)
    handlers = len(root.handlers)
    w.reload(logs=base.replace("WARNING", "DEBUG"))
    assert root.level == logging.DEBUG
    assert len(root.handlers) == handlers
    w.reload(logs=base)
    assert root.level == logging.WARNING
    assert len(root.handlers) == handlers


def a_thread_that_a_new_line_starts_is_told_and_never_started_twice():
    base = "import threading\nSTOP = threading.Event()\nthread = threading.Thread(target=STOP.wait, daemon=True)\n"
    new = base + "thread.start()\n"
    w = World(thr=base)
    report = w.reload(thr=new)
    try:
        assert any("1 thread" in note for note in report.notes), report.notes
        count = threading.active_count()
        w.reload(thr="# moved\n\n\n" + new.replace("daemon=True", "daemon=True")) if False else None
        report = w.transaction({"thr": "# moved\n\n\n" + new}).commit()
        assert report.ok
        assert threading.active_count() == count
    finally:
        w.thr.STOP.set()


def a_statement_applied_twice_is_done_once():
    new = REGISTRY + "register(a)\nHANDLERS['x'] = b\nORDER.append(b)\n"
    w = World(reg=REGISTRY)
    assert w.transaction({"reg": new}).commit().state == "committed"
    again = w.transaction({"reg": new}).commit()
    assert again.ok
    assert w.reg.CALLS == ["register"]
    assert [w.reg.a, w.reg.b] == w.reg.ORDER, w.reg.ORDER


def statements_in_class_bodies():
    base = "class Api:\n    ROUTES = {}\n    NAMES = []\n    def get(self):\n        return 1\n    ROUTES['get'] = get\n"
    w = World(cls=base)
    api = w.cls.Api()
    w.reload(cls=base + "    ROUTES['again'] = get\n    NAMES.append('get')\n")
    assert w.cls.Api.ROUTES["again"](api) == 1
    assert w.cls.Api.NAMES == ["get"]
    w.reload(cls=base)
    assert list(w.cls.Api.ROUTES) == ["get"]
    assert w.cls.Api.NAMES == []


def the_environment_and_the_path_are_put_back():
    base = "import os, sys\n"
    w = World(env=base)
    path = list(sys.path)
    w.reload(env=base + "os.environ['NEX_TEST'] = 'yes'\nsys.path.append('/nowhere')\n")
    assert os.environ["NEX_TEST"] == "yes"
    w.reload(env=base)
    assert "NEX_TEST" not in os.environ
    assert sys.path == path
