"""One reload after the other: taking one back, threads, callbacks, and the registry that all of them share."""

from __future__ import annotations

from textwrap import dedent

from tests.unit.probe.peer import Bench
from tests.unit.probe.reload_api.conftest import Alone
from tests.unit.probe.reload_api.shop import NEW, NEW_STATE, OLD_STATE, SHOP, lines


def test_revert_of_an_earlier_generation_says_what_goes_with_it(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        import tax
        one = reloader.apply({'shop.py': NEW})
        two = reloader.apply({'tax.py': 'RATE = 2\\n'})
        three = reloader.apply({'shop.py': NEW.replace('n * LIMIT', 'n * LIMIT + 1')})
        print(state()[1], tax.RATE)
        back = reloader.revert(two.generation)
        print(back.state, back.notes, tax.RATE, state()[1])
        back = reloader.revert(one.generation)
        print(back.state, back.notes)
        print(state())
        back = reloader.revert(99)
        print(back.state, back.error)
        """),
        {"tax.py": "RATE = 1\n"},
    )

    assert printed == [
        "41 2",
        "committed () 1 41",
        "committed ('shop.py was changed again by generation 3, which is undone with generation 1.',)",
        OLD_STATE,
        "refused Generation 99 is not one of the last 64 of this process: bring the earlier text back by a new reload.",
    ]


def test_a_program_that_imports_its_module_anew_is_known_by_the_new_text(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        reloader.apply({'shop.py': NEW})
        del sys.modules['shop']
        import shop
        print(shop.total(2), reloader.sync().state)
        write('shop.py', NEW)
        print(reloader.sync().state, shop.total(2))
        """),
    )

    assert printed == ["12 already", "committed 40"]


def test_callbacks_get_the_report_and_may_not_reload_from_within(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        def within(report):
            inner = reloader.apply({'shop.py': SHOP})
            print('inner', inner.state, inner.error)
            raise ValueError('as expected')
        end = on_reload(within, paths='shop.py')
        on_reload(lambda report: print('other'), paths='tax.py')
        report = reloader.apply({'shop.py': NEW})
        print(report.state, report.notes, state()[1])
        end()
        print(reloader.apply({'shop.py': SHOP}).notes, state()[1])
        """),
    )

    assert printed == [
        "inner refused A reload was asked for from within a reload: ask for it when the callback or hook has returned.",
        "committed ('The reload callback within raised ValueError: as expected; the reload itself stands.',) 40",
        "() 12",
    ]


def test_a_callback_that_is_itself_reloaded_stays_registered(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        import hooks
        reloader.apply({'shop.py': NEW})
        reloader.apply({'hooks.py': open('hooks.py').read().replace('one', 'two')})
        """),
        {"hooks.py": "from nexoide.probe import on_reload\n\n\ndef call(report):\n    print('one', report.changed)\n\n\non_reload(call)\n"},
    )

    assert printed == ["one ('shop.LIMIT', 'shop.total', 'shop.Cart.count')", "two ('hooks.call',)"]


def test_threads_take_turns(alone: Alone, each: str) -> None:
    printed = lines(
        alone,
        each,
        dedent("""
        seen = []
        def work(text):
            for _ in range(5):
                seen.append(reloader.apply({'shop.py': text}))
        threads = [threading.Thread(target=work, args=(text,)) for text in (SHOP, NEW, SHOP, NEW)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        print(sorted({report.state for report in seen} - {'already'}), [report.error for report in seen if report.error])
        numbers = [report.generation for report in seen if report.generation]
        print(len(numbers) == len(set(numbers)) == reloader.generation)
        reloader.apply({'shop.py': NEW})
        print(state())
        """),
    )

    assert printed == ["['committed'] []", "True", NEW_STATE]


def test_under_a_supervisor_it_is_the_same_registry(bench: Bench, each: str) -> None:
    path = bench.write("shop.py", SHOP)
    program = bench.serve(
        dedent("""
        import nexoide.probe, shop
        reloader = nexoide.probe.Reloader(__import__('os').getcwd())
        """),
        each,
    )
    reply = bench.peer.reload((path, SHOP, NEW))
    assert (reply["ok"], reply["state"]) == (True, "committed")

    assert program.ask("reloader.generation, shop.total(2)") == (1, 40)
    assert program.ask("reloader.sync().state, shop.total(2), reloader.generation") == ("committed", 12, 2)
    assert program.ask("[row['generation'] for row in reloader.modules() if row['module'] == 'shop']") == [2]
