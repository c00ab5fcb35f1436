"""`__reload__(old, new)`: state moves from the old shape to the new one, or nothing has happened at all."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.unit.probe.reload_api.conftest import Alone

SHOP = """\
UNIT = 's'
TIMES = {'a': 1, 'b': 2}
SEEN = []


def wait(name):
    return TIMES[name] + 0


class Job:
    jobs = []

    def __init__(self):
        self.seconds = 3
        Job.jobs.append(self)

    def left(self):
        return self.seconds
"""
NEW = (
    SHOP.replace("UNIT = 's'", "UNIT = 'ms'")
    .replace("+ 0", "+ 1")
    .replace("return self.seconds", "return self.ms")
    .replace(
        "    jobs = []\n",
        """    jobs = []

    @classmethod
    def __reload__(cls, old, new):
        for job in new.jobs:
            job.ms = job.__dict__.pop('seconds') * 1000
        new.migrated = (cls is new, old.left is new.left, 'left' in old, hasattr(old, 'ms'), sorted(dir(old))[-1])
""",
    )
    + """

def __reload__(old, new):
    for name in old.TIMES:
        new.TIMES[name] = old.TIMES[name] * 1000
    new.SEEN.append((old.UNIT, new.UNIT, new.__name__, hasattr(old, '__reload__')))
"""
)
HEAD = f"""\
import os, sys
from nexoide.probe import Reloader
reloader = Reloader(os.getcwd())
import shop
job, times, jobs = shop.Job(), shop.TIMES, shop.Job.jobs
def state():
    there = '__reload__' in vars(shop), 'migrated' in vars(shop.Job)
    return (shop.UNIT, times, shop.TIMES is times, vars(job), job.left(), shop.wait('a'), shop.SEEN, jobs is shop.Job.jobs, *there)
SHOP, NEW = {SHOP!r}, {NEW!r}
"""
OLD_STATE = "('s', {'a': 1, 'b': 2}, True, {'seconds': 3}, 3, 1, [], True, False, False)"
NEW_STATE = "('ms', {'a': 1000, 'b': 2000}, True, {'ms': 3000}, 3000, 1001, [('s', 'ms', 'shop', False)], True, True, True)"


def told(alone: Alone, python: str, text: str) -> list[str]:
    return alone(python, HEAD + dedent(text), {"shop.py": SHOP}).splitlines()


def test_hooks_move_the_state_and_a_revert_moves_it_back(alone: Alone, each: str) -> None:
    printed = told(
        alone,
        each,
        """
        print(state())
        report = reloader.apply({'shop.py': NEW})
        print(report.ok, report.error, [(item.full, item.line > 0) for item in report.migrated])
        print(state())
        print(shop.Job.migrated)
        back = reloader.revert(report.generation)
        print(back.ok, back.error)
        print(state())
        """,
    )

    assert printed == [
        OLD_STATE,
        "True  [('shop.Job.__reload__', True), ('shop.__reload__', True)]",
        NEW_STATE,
        "(True, True, True, False, 'left')",
        "True ",
        OLD_STATE,
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise ValueError('no such unit')", "raised ValueError: no such unit and everything was put back"),
        ("raise SystemExit(3)", "raised SystemExit and everything was put back"),
        ("import time\n    end = time.monotonic() + 30\n    while time.monotonic() < end: pass", "did not end within 0.2 s and everything was put back"),
    ],
    ids=["raises", "exits", "loops"],
)
def test_a_hook_that_fails_leaves_everything_as_it_was(alone: Alone, each: str, line: str, words: str) -> None:
    failing = NEW + f"    new.extra = 1\n    new.Job.extra = 1\n    new.Job.jobs.clear()\n    del new.wait\n    {line}\n"

    printed = told(
        alone,
        each,
        f"""
        from nexoide.probe.reload import migration
        migration.migrate.__defaults__ = (0.2,)
        before = dict(vars(shop)), dict(vars(shop.Job)), shop.wait.__code__, shop.Job.left.__code__
        report = reloader.apply({{'shop.py': {failing!r}}})
        print(report.ok, report.state, report.error, [(item.full, item.action) for item in report.definitions])
        print(state(), jobs == [job])
        print(before == (dict(vars(shop)), dict(vars(shop.Job)), shop.wait.__code__, shop.Job.left.__code__))
        print(reloader.apply({{'shop.py': NEW}}).state, state())
        """,
    )

    assert printed[0].startswith(f"False refused shop.__reload__ {words}"), printed[0]
    assert printed[0].endswith("[('shop.__reload__', 'refused')]")
    assert printed[1:] == [f"{OLD_STATE} True", "True", f"committed {NEW_STATE}"]


def test_a_hook_may_be_static_or_plain_and_cannot_change_what_was(alone: Alone, each: str) -> None:
    plain = (
        "class A:\n    x = 1\n    {decorator}\n    def __reload__(old, new):\n        try:\n            old.x = 5\n        except AttributeError as error:\n"
        "            new.told = str(error), old.x, new.x, new.__name__\n"
    )
    for decorator in ("@staticmethod", ""):
        printed = told(
            alone,
            each,
            f"""
            import plain
            cls = plain.A
            report = reloader.apply({{'plain.py': {plain.replace("x = 1", "x = 2").format(decorator=decorator)!r}}})
            print(report.ok, report.error, plain.A.told, cls is plain.A)
            """.replace("import plain\n", "open('plain.py', 'w').write('class A:\\n    x = 1\\n')\n            import plain\n", 1),
        )
        assert printed == ["True  ('what was before a reload cannot be changed', 1, 2, 'A') True"]


def test_a_hook_that_reloads_is_told_no(alone: Alone, each: str) -> None:
    text = SHOP + "\n\ndef __reload__(old, new):\n    import nexoide.probe\n    SEEN.append(nexoide.probe.Reloader('.').apply({'shop.py': ''}).error)\n"

    printed = told(
        alone,
        each,
        f"""
        report = reloader.apply({{'shop.py': {text!r}}})
        print(report.ok, report.error, shop.SEEN)
        """,
    )

    assert printed == ["True  ['A reload was asked for from within a reload: ask for it when the callback or hook has returned.']"]


def test_an_asynchronous_hook_is_refused(alone: Alone, each: str) -> None:
    printed = told(
        alone,
        each,
        f"""
        report = reloader.apply({{'shop.py': {SHOP.replace("UNIT = 's'", "UNIT = 'm'") + "async def __reload__(old, new): pass"!r}}})
        print(report.ok, report.error)
        print(state())
        """,
    )

    assert printed == ["False shop.__reload__ is asynchronous, which a reload cannot await: make it a plain function.", OLD_STATE]
