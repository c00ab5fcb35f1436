"""Transactions that fail, or are taken back, leave nothing behind: neither in instances nor in the registries of other modules."""

from __future__ import annotations

from pathlib import Path

from tests.unit.probe.reload_hunt_classes.player import play

ACCOUNT = """
class Account:
    def __init__(self, cents): self.cents = cents
class Tight:
    __slots__ = ("cents",)
    def __init__(self, cents): self.cents = cents
class Empty: pass
def hidden():
    held = [Account(1), Account(2), Tight(3), Empty()]
    return lambda: held
get = hidden()
"""
HOOK = """
def __reload__(old, new):
    first, second, tight, empty = get()
    first.euros = first.__dict__.pop("cents") / 100
    tight.cents = 0.03
    empty.dirty = 1
    raise ValueError("the second account is odd")
"""
CORE = """
REG = {}
class Plugin:
    kinds = []
    def __init_subclass__(cls): Plugin.kinds = [*Plugin.kinds, cls.__name__]
def reg(f): REG[f.__name__] = f; return f
"""
EXTRA = "import core\n@core.reg\ndef two(): return 2\nclass P(core.Plugin): pass\n"
APP = "import core\n@core.reg\ndef one(): return 1\n"
BEFORE = "import sys, app, core"
CLEAN = "assert list(core.REG) == ['one'] and core.Plugin.kinds == [] and 'extra' not in sys.modules and app.one() == 1, core.REG"


def test_a_hook_that_raises_leaves_instances_as_they_were(python: str, tmp_path: Path) -> None:
    """Also those that no name leads to, those with slots, and those that held nothing."""
    old = "assert [vars(a) for a in m.get()[:2]] == [{'cents': 1}, {'cents': 2}] and m.get()[2].cents == 3 and not vars(m.get()[3])"
    text = ACCOUNT.replace("self.cents = cents\n", "self.cents = cents + 0\n").replace("class Empty: pass", "class Empty:\n    x = 1")
    play(python, tmp_path, {"m.py": ACCOUNT}, {"m.py": text + HOOK}, "import m", "", old, fails="odd")


def test_a_new_module_that_raises_leaves_no_registrations(python: str, tmp_path: Path) -> None:
    """What a new file registered before it raised is taken out again."""
    edit = {"app.py": "import core\nimport extra\n@core.reg\ndef one(): return 11\n", "extra.py": EXTRA + "1 / 0\n"}
    play(python, tmp_path, {"core.py": CORE, "app.py": APP}, edit, BEFORE, "", CLEAN, fails="ZeroDivisionError")


def test_what_a_new_module_registered_goes_with_a_revert(python: str, tmp_path: Path) -> None:
    """And comes back when the reload is done again."""
    edit = {"app.py": "import core\nimport extra\n@core.reg\ndef one(): return 11\n", "extra.py": EXTRA}
    new = "assert sorted(core.REG) == ['one', 'two'] and core.Plugin.kinds == ['P'] and 'extra' in sys.modules and app.one() == 11, core.REG"
    play(python, tmp_path, {"core.py": CORE, "app.py": APP}, edit, BEFORE, new, CLEAN)
