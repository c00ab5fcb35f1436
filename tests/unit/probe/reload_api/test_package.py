"""`import nexoide.probe`: it costs nothing, starts nothing, and under a running probe it is that one."""

from __future__ import annotations

from textwrap import dedent

from tests.unit.probe.peer import PROBE, Bench
from tests.unit.probe.reload_api.conftest import Alone


def test_importing_loads_nothing_and_starts_nothing(alone: Alone, each: str) -> None:
    printed = alone(
        each,
        dedent("""
        import sys, threading
        before = set(sys.modules)
        finders = list(sys.meta_path)
        import nexoide.probe
        print(sorted(set(sys.modules) - before - {'__future__'}), threading.active_count(), sys.meta_path == finders)
        print(sorted(set(dir(nexoide.probe)) & {'attach', 'on_reload', 'Reloader', 'ReloadReport'}))
        try:
            nexoide.probe.nothing
        except AttributeError as error:
            print(error)
        print(nexoide.probe.Reloader.__name__, nexoide.probe.ReloadReport.__name__, nexoide.probe.on_reload.__name__, nexoide.probe.attach.__name__)
        import nexoide.probe.attachment, nexoide.probe.reloader
        print(callable(nexoide.probe.attach), type(nexoide.probe.Reloader).__name__)
        """),
    )

    lines = printed.splitlines()
    assert lines[0] == "['nexoide', 'nexoide.probe'] 1 True"
    assert lines[1] == "['ReloadReport', 'Reloader', 'attach', 'on_reload']"
    assert lines[2] == "module 'nexoide.probe' has no attribute 'nothing'"
    assert lines[3:] == ["Reloader ReloadReport on_reload attach", "True type"]


SAME = """
import sys
import nexoide.probe
from nexoide.probe import wire
import nexoide.probe.reload.report as report
from nexoide.probe.reload import report as other
print(nexoide.probe is sys.modules['_nexoide_probe'], wire is sys.modules['_nexoide_probe.wire'], report is other)
print(nexoide.probe.ReloadReport is sys.modules['_nexoide_probe.reload.report'].ReloadReport)
print(wire.__name__, wire.__spec__.name, report.__spec__.name, nexoide.probe.__spec__.name)
try:
    import nexoide.probe.nothing
except ImportError as error:
    print(error)
print(sorted(name for name in sys.modules if name.startswith('nexoide.')))
print([path for path in sys.path if 'nexoide' in path and 'work' not in path])
"""


def test_under_a_probe_it_is_the_running_one_where_nexoide_is_not_installed(bench: Bench, each: str) -> None:
    done = bench.run(SAME, each)

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["True True True", "True"]
    assert lines[2] == "_nexoide_probe.wire _nexoide_probe.wire _nexoide_probe.reload.report _nexoide_probe"
    assert lines[3] == "No module named 'nexoide.probe.nothing'"
    assert eval(lines[4]) == ["nexoide.probe", "nexoide.probe.reload", "nexoide.probe.reload.report"]
    assert lines[5] == "[]"


def test_under_a_probe_it_is_the_running_one_where_nexoide_is_installed_too(bench: Bench, each: str) -> None:
    path = f"{PROBE / 'bootstrap'}:{PROBE.parents[1]}"

    done = bench.run(
        SAME
        + dedent("""
        import nexoide
        print(nexoide.__version__)
        """),
        each,
        PYTHONPATH=path,
    )

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["True True True", "True"]
    assert lines[3] == "No module named 'nexoide.probe.nothing'"
    assert lines[-1].startswith("0.")


def test_a_program_that_looks_for_something_else_finds_what_there_is(bench: Bench, each: str) -> None:
    bench.write("nexoidelike.py", "x = 1\n")

    done = bench.run(
        dedent("""
        import nexoidelike
        try:
            import nexoid
        except ImportError as error:
            print(error, nexoidelike.x)
        import importlib.util
        print(importlib.util.find_spec('nexoide.nothing'))
        """),
        each,
    )

    assert done.stdout == "No module named 'nexoid' 1\nNone\n", done.stderr
