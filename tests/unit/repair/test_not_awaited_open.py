from __future__ import annotations

import textwrap

import pytest

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.engine import diagnose
from tests.unit.repair.examples import leaves_alone
from tests.unit.repair.programs import Case, apply, check, refuse, run, write

RULE = "not-awaited"

STORE = """
    import asyncio


    class Store:
        def __init__(self):
            self.rows = {"tea": 3}

        async def load(self, key):
            await asyncio.sleep(0)
            return {"key": key, "count": self.rows[key]}

        async def save(self, key, count):
            await asyncio.sleep(0)
            self.rows[key] = count
"""


def warned(root, name, line, source):
    frame = Frame(file=str(root / "main.py"), line=line, function="main", source=source)
    row = Raised(type="RuntimeWarning", message=f"coroutine '{name}' was never awaited", frames=(frame,))
    return Failure(target="t", pid=1, source="warning", at=0.0, exceptions=(row,))


def test_a_warning_alone_is_enough(tmp_path):
    main = """
        import asyncio

        from store import Store

        async def main():
            store = Store()
            store.save("tea", 9)
            if store.load("tea"):
                print("there")
            print(store.rows["tea"])

        asyncio.run(main())
    """
    write(tmp_path, {"store.py": textwrap.dedent(STORE), "main.py": main})
    best = diagnose(tmp_path, warned(tmp_path, "Store.save", 7, 'store.save("tea", 9)')).proposals[0]
    apply(tmp_path, best)
    assert run(tmp_path)[0] == "there\n9\n"


def test_a_warning_about_a_call_that_is_handed_on_is_left_open(tmp_path):
    write(
        tmp_path,
        {"main.py": "import asyncio\n\nasync def job():\n    pass\n\nasync def main():\n    await asyncio.wait_for(job(), 1)\n\nasyncio.run(main())\n"},
    )
    assert diagnose(tmp_path, warned(tmp_path, "job", 7, "await asyncio.wait_for(job(), 1)")).proposals == ()


def test_await_outside_an_asynchronous_function(tmp_path):
    files = {
        "jobs.py": "import asyncio\n\n\nasync def one():\n    await asyncio.sleep(0)\n    return 1\n\n\ndef two():\n    return 2 * await one()\n",
        "main.py": "import asyncio\n\nfrom jobs import two\n\n\nasync def main():\n    print(two() + 1)\n\n\nasyncio.run(main())\n",
    }
    case = Case("outside", files, "3\n", "async def two")
    check(tmp_path, case, RULE)


def test_a_plain_error_in_a_program_whose_coroutines_are_all_awaited_is_not_its_case(tmp_path):
    files = {"main.py": "import asyncio\n\nasync def job():\n    return 1\n\nasync def main():\n    assert await job() == 2\n\nasyncio.run(main())\n"}
    leaves_alone(RULE, tmp_path, files)


def test_a_caller_that_cannot_wait_is_said(tmp_path):
    files = {
        "main.py": """
            import asyncio

            async def name():
                await asyncio.sleep(0)
                return "x"

            class Row:
                def __str__(self):
                    return name() + "y"

            async def main():
                print(str(Row()))

            asyncio.run(main())
        """
    }
    refuse(tmp_path, files, "called by the language itself")


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
def test_what_gather_gives_is_awaited_before_it_is_walked(old, tmp_path):
    files = {
        "jobs.py": "import asyncio\n\n\nasync def size(name):\n    await asyncio.sleep(0)\n    return len(name)\n",
        "main.py": """
            import asyncio

            from jobs import size


            async def main():
                names = ["a", "bb"]
                sizes = asyncio.gather(*[size(name) for name in names])
                for name, found in zip(names, sizes):
                    print(name, found)


            asyncio.run(main())
        """,
    }
    check(tmp_path, Case("gather", files, "a 1\nbb 2\n", "sizes = await asyncio.gather("), RULE, old=old)


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
def test_a_coroutine_of_the_library_is_awaited_where_it_was_kept(old, tmp_path):
    files = {
        "watch.py": """
            import asyncio


            class Watch:
                def __init__(self, quotes):
                    self.quotes = quotes
                    self.prices = []

                async def load(self):
                    self.prices = asyncio.wait_for(self.quotes(), timeout=2)

                def high(self):
                    return max(self.prices)
        """,
        "main.py": """
            import asyncio

            from watch import Watch


            async def quotes():
                await asyncio.sleep(0)
                return [1, 3, 2]


            async def main():
                watch = Watch(quotes)
                await watch.load()
                print(watch.high())


            asyncio.run(main())
        """,
    }
    check(tmp_path, Case("wait-for", files, "3\n", "self.prices = await asyncio.wait_for("), RULE, old=old)


_TABLE = """
    import asyncio
    import json

    ROUTES = {{}}


    def route(path):
        def keep(view):
            ROUTES[path] = view
            return view
        return keep


    @route("/a")
    async def a():
        await asyncio.sleep(0)
        return [1]


    {other}


    async def handle(path):
        view = ROUTES[path]
        return {{"body": view()}}


    async def main():
        print(json.dumps(await handle("/a")))


    asyncio.run(main())
"""


@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
def test_what_a_table_of_functions_gives_is_awaited(old, tmp_path):
    case = Case("table", {"main.py": _TABLE.format(other="")}, '{"body": [1]}\n', "await view()")
    found = check(tmp_path, case, RULE, old=old)
    assert found.proposals[0].prior > 0.8


def test_a_table_that_has_plain_functions_too_is_less_sure(tmp_path):
    other = '@route("/b")\n    def b():\n        return [2]'
    found = check(tmp_path, Case("table", {"main.py": _TABLE.format(other=other)}, '{"body": [1]}\n', "await view()"), RULE)
    assert found.proposals[0].prior < 0.7
    assert found.proposals[0].cautions
