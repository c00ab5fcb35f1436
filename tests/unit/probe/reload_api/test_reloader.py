"""`Reloader` in real programs without any supervisor: state and held references before and after."""

from __future__ import annotations

import sys
from textwrap import dedent

from tests.unit.probe.reload_api.conftest import Alone
from tests.unit.probe.reload_api.shop import HEAD, NEW_STATE, OLD_STATE, SHOP, lines


def test_sync_brings_what_is_on_the_disk_and_revert_takes_it_back(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        print(state())
        write('shop.py', NEW)
        plan = reloader.explain()
        print(plan.state, [row for row in told(plan) if row[0].startswith('shop')])
        print(state())
        report = reloader.sync()
        print(report.ok, report.state, report.generation, reloader.generation, report.ms > 0, report.files == (os.path.abspath('shop.py'),))
        print(state())
        again = reloader.sync()
        print(again.state, again.generation)
        orders.append('second')
        back = reloader.revert(report.generation)
        print(back.ok, back.state, back.generation)
        orders.remove('second')
        print(state())
        print(reloader.sync().state, state()[0])
        """),
    )

    rows = [("shop.Cart.count", "method", "replaced"), ("shop.LIMIT", "constant", "replaced"), ("shop.total", "function", "replaced")]
    assert printed == [
        OLD_STATE,
        f"prepared {rows}",
        OLD_STATE,
        "True committed 1 1 True True",
        NEW_STATE,
        "already 0",
        "True committed 2",
        OLD_STATE,
        "committed -1",
    ]


def test_apply_takes_bytes_that_are_nowhere_on_the_disk(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        report = reloader.apply({'shop.py': NEW.encode()})
        print(report.state, state())
        same = reloader.apply({os.path.abspath('shop.py'): NEW})
        print(same.state, told(same))
        print(open('shop.py').read() == SHOP)
        print([(row['module'], row['generation']) for row in reloader.modules()])
        """),
    )

    assert printed == [f"committed {NEW_STATE}", "already [('shop', 'module', 'unchanged')]", "True", "[('__main__', 0), ('shop', 1)]"]


def test_content_decides_not_the_time_of_the_file(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        found = os.stat('shop.py')
        write('shop.py', SHOP.replace('n + LIMIT', 'n - LIMIT'))
        os.utime('shop.py', ns=(found.st_atime_ns, found.st_mtime_ns))
        print(os.stat('shop.py').st_size == found.st_size, reloader.sync().state, total(2))
        os.utime('shop.py')
        print(reloader.sync().state)
        """),
    )

    assert printed == ["True committed -8", "already"]


def test_one_refusal_leaves_every_file_as_it_was(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        import tax
        report = reloader.apply({'shop.py': NEW, 'tax.py': 'RATE = (\\n'})
        print(report.ok, report.state, report.error.replace(os.getcwd(), ''))
        print(state(), tax.RATE)
        report = reloader.apply({'shop.py': NEW, 'tax.py': b'RATE = 2 # \\xff'})
        print(report.state, report.error.replace(os.getcwd(), ''), told(report))
        print(state(), tax.RATE, reloader.generation)
        report = reloader.apply({'shop.py': NEW, 'tax.py': 'RATE = 2\\n'})
        print(report.state, state()[1], tax.RATE)
        """),
        {"tax.py": "RATE = 1\n"},
    )

    assert printed[0].startswith("False refused /tax.py:1 does not compile")
    assert printed[1] == printed[3][:-2] == f"{OLD_STATE} 1"
    assert printed[2].startswith("refused /tax.py:1 is not ")
    assert printed[2].endswith(": save it as UTF-8. [('tax', 'module', 'refused')]")
    assert printed[3:] == [f"{OLD_STATE} 1 0", "committed 40 2"]


def test_what_cannot_be_reloaded_is_refused_with_the_reason(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        sys.path.insert(0, 'lib/site-packages')
        import library, json.decoder, nexoide.probe.wire as wire
        for path in ('notes.txt', 'fast.so', 'shop.pyc', library.__file__, json.decoder.__file__, wire.__file__, '<frozen os>', 'shop.py'):
            report = reloader.apply({path: b'x = 1\\0'})
            print(report.state, report.error.replace(os.path.join(os.getcwd(), path), ''), len(report.refused))
        print(reloader.generation, state())
        """),
        {"lib/site-packages/library.py": "x = 1\n"},
    )

    assert [row.partition(": ")[0] for row in printed[:-1]] == [
        "refused  is no Python module",
        "refused  is an extension in machine code, which cannot be changed live",
        "refused  is bytecode, which is never reloaded",
        "refused  is not in the folders that are reloaded, or belongs to an installed library",
        "refused  is not in the folders that are reloaded, or belongs to an installed library",
        "refused  is a part of what reloads, which cannot reload itself",
        "refused  is no Python module",
        "refused  holds a NUL byte, which is not Python",
    ]
    assert all(row.endswith(" 1") for row in printed[:-1])
    assert printed[-1] == f"0 {OLD_STATE}"


def test_new_files_are_read_when_they_are_imported_and_deleted_ones_stay(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        report = reloader.apply({'fresh.py': 'X = 1\\n'})
        print(report.ok, report.state, 'fresh' in sys.modules, [note.replace(os.getcwd(), '') for note in report.notes])
        os.remove('shop.py')
        report = reloader.sync()
        print(report.ok, told(report), [note.replace(os.getcwd(), '') for note in report.notes], state())
        print(told(reloader.sync()))
        write('shop.py', NEW)
        print(reloader.sync().state, state())
        """),
    )

    assert printed == [
        "True not_loaded False ['/fresh.py is not imported by this process yet and is read when it is.']",
        f"True [('shop', 'module', 'kept')] ['/shop.py was deleted; its module stays until the program is restarted.'] {OLD_STATE}",
        "[]",
        f"committed {NEW_STATE}",
    ]


def test_a_text_that_is_not_known_is_never_guessed(alone: Alone, each: str) -> None:
    text = HEAD.replace(
        dedent("""
        reloader = Reloader(os.getcwd())
        import shop
        """),
        dedent("""
        import shop
        open('shop.py', 'w').write(open('shop.py').read().replace('n + LIMIT', 'n - LIMIT'))
        reloader = Reloader(os.getcwd())
        """),
    )

    printed = alone(
        each,
        text
        + dedent("""
        print(state()[1])
        write('shop.py', NEW)
        report = reloader.sync()
        print(report.state, report.error.replace(os.getcwd(), ''))
        print(state()[1])
        """),
        {"shop.py": SHOP},
    )

    assert printed.splitlines() == [
        "12",
        "refused /shop.py was imported before it was watched, and what runs is not what it holds since then: restart the program for it.",
        "12",
    ]


def test_a_module_that_was_imported_before_is_reloaded_where_its_text_is_certain(alone: Alone, each: str) -> None:
    text = HEAD.replace(
        dedent("""
        reloader = Reloader(os.getcwd())
        import shop
        """),
        dedent("""
        import shop
        reloader = Reloader()
        """),
    )

    printed = alone(
        each,
        text
        + dedent("""
        write('shop.py', NEW)
        print(reloader.sync().state, state())
        """),
        {"shop.py": SHOP},
    )

    assert printed == f"committed {NEW_STATE}\n"


def test_it_works_where_the_main_module_has_no_file(alone: Alone, each: str) -> None:
    cells = (
        HEAD
        + "write('shop.py', NEW)\nprint(reloader.sync().state, held(), part(), total(2), shop.LIMIT)\nprint(Reloader().roots == (os.path.realpath('.'),))\n"
    )

    printed = alone(
        each,
        f"import subprocess, sys\nprint(subprocess.run([sys.executable, '-'], input={cells!r}, text=True, capture_output=True, check=True).stdout)\n",
        {"shop.py": SHOP},
    )

    assert printed.split("\n")[:2] == ["committed -1 40 40 20", "True"]


def test_it_works_in_a_test_run_by_pytest_and_says_what_pytest_has_rewritten(alone: Alone) -> None:
    test = HEAD + (
        "def test_it():\n    write('shop.py', NEW)\n    report = reloader.sync()\n    assert (report.state, held()) == ('committed', -1)\n"
        "    report = reloader.apply({__file__: open(__file__).read() + '\\n'})\n    assert not report.ok\n    print('told:', report.error)\n"
    )

    printed = alone(
        sys.executable,
        dedent("""
        import pytest, sys
        sys.exit(pytest.main(['-q', '-s', '-p', 'no:cacheprovider', 'test_shop.py']))
        """),
        {"shop.py": SHOP, "test_shop.py": test},
    )

    assert "1 passed" in printed
    assert "what runs is not what it holds since then: restart the program for it." in printed.partition("told:")[2]


def test_a_wrong_pace_is_said_at_once(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        try:
            reloader.sync(when='soon')
        except ValueError as error:
            print(error)
        print(reloader.apply({'shop.py': NEW}, when='now', bound=0.5).state)
        """),
    )

    assert printed == ["when must be one of auto, now, quiescent, not 'soon'", "committed"]
