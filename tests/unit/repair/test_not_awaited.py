from __future__ import annotations

import pytest

from tests.unit.repair.examples import check_example, named
from tests.unit.repair.programs import Case, check

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

CASES = [
    Case(
        "result-of-a-method",
        {
            "store.py": STORE,
            "main.py": """
                import asyncio

                from store import Store


                async def main():
                    store = Store()
                    row = store.load("tea")  # kept
                    print(row["count"] + 1)

                asyncio.run(main())
            """.replace("  # kept", ""),
        },
        "4\n",
        'row = await store.load("tea")',
    ),
    Case(
        "attribute-of-the-call",
        {
            "main.py": """
                import asyncio


                class Reply:
                    status = 200


                async def fetch(url):
                    await asyncio.sleep(0)
                    return Reply()


                async def main():
                    print(fetch("a").status)


                asyncio.run(main())
            """
        },
        "200\n",
        '(await fetch("a")).status',
    ),
    Case(
        "in-a-generator",
        {
            "main.py": """
                import asyncio


                async def price(name):
                    await asyncio.sleep(0)
                    return len(name)


                async def main():
                    print(sum(price(name) for name in ["a", "bb"]))


                asyncio.run(main())
            """
        },
        "3\n",
        "sum([await price(name) for name in",
    ),
    Case(
        "through-a-plain-function",
        {
            "store.py": STORE,
            "shop.py": """
                from store import Store


                class Shop:
                    def __init__(self):
                        self.store = Store()

                    def stock(self, key):
                        return self.store.load(key)["count"]

                    async def report(self):
                        return f"tea: {self.stock('tea')}"
            """,
            "main.py": """
                import asyncio

                from shop import Shop

                print(asyncio.run(Shop().report()))
            """,
        },
        "tea: 3\n",
        "async def stock(self, key)",
    ),
    Case(
        "where-no-loop-runs",
        {
            "store.py": STORE,
            "main.py": """
                from store import Store


                def show():
                    row = Store().load("tea")
                    return row["count"]


                print(show())
            """,
        },
        "3\n",
        'asyncio.run(Store().load("tea"))',
    ),
    Case(
        "asynchronous-for-nothing",
        {"main.py": "async def double(n):\n    return 2 * n\n\n\ndef show(n):\n    return double(n) + 1\n\n\nprint(show(2))\n"},
        "5\n",
        "\ndef show",
    ),
    Case(
        "await-of-a-plain-method",
        {
            "main.py": """
                import asyncio


                class Cart:
                    def __init__(self):
                        self.lines = [1, 2]

                    def total(self):
                        return sum(self.lines)


                async def main():
                    cart = Cart()
                    print(await cart.total())
                    print(await cart.total())


                asyncio.run(main())
            """
        },
        "3\n3\n",
        "print(cart.total())",
    ),
    Case(
        "await-of-a-list",
        {
            "main.py": """
                import asyncio


                async def double(n):
                    await asyncio.sleep(0)
                    return 2 * n


                async def main():
                    jobs = [double(n) for n in range(3)]
                    print(await jobs)


                asyncio.run(main())
            """
        },
        "[0, 2, 4]\n",
        "await asyncio.gather(*jobs)",
    ),
    Case(
        "awaited-twice",
        {
            "main.py": "import asyncio\n\n\nasync def one():\n    return 1\n\n\nasync def main():\n    n = await one()\n    print(await "
            "n)\n\n\nasyncio.run(main())\n"
        },
        "1\n",
        "print(n)",
    ),
    Case(
        "time-sleep",
        {"main.py": "import asyncio\nimport time\n\n\nasync def main():\n    await time.sleep(0)\n    print('ok')\n\n\nasyncio.run(main())\n"},
        "ok\n",
        "await asyncio.sleep(0)",
    ),
    Case(
        "method-not-called",
        {"main.py": "import asyncio\n\n\nasync def job():\n    return 4\n\n\nasync def main():\n    print(await job)\n\n\nasyncio.run(main())\n"},
        "4\n",
        "await job()",
    ),
    Case("run-of-the-function", {"main.py": "import asyncio\n\n\nasync def main():\n    print('ok')\n\n\nasyncio.run(main)\n"}, "ok\n", "asyncio.run(main())"),
    Case("run-of-a-plain-function", {"main.py": "import asyncio\n\n\ndef main(n=1):\n    return n\n\n\nprint(asyncio.run(main()))\n"}, "1\n", "print(main())"),
    Case(
        "async-for-over-a-list",
        {"main.py": "import asyncio\n\n\nasync def main():\n    async for n in [1, 2]:\n        print(n)\n\n\nasyncio.run(main())\n"},
        "1\n2\n",
        "    for n in",
    ),
    Case(
        "async-for-over-a-coroutine",
        {
            "main.py": "import asyncio\n\n\nasync def rows():\n    return [1]\n\n\nasync def main():\n    print([n async for n in "
            "rows()])\n\n\nasyncio.run(main())\n"
        },
        "[1]\n",
        "[n for n in await rows()]",
    ),
    Case(
        "for-over-an-async-generator",
        {
            "main.py": "import asyncio\n\n\nasync def rows():\n    yield 1\n    yield 2\n\n\nasync def main():\n    for n in rows():\n      "
            "  print(n)\n\n\nasyncio.run(main())\n"
        },
        "1\n2\n",
        "async for n in rows()",
    ),
    Case(
        "list-of-an-async-generator",
        {"main.py": "import asyncio\n\n\nasync def rows():\n    yield 1\n\n\nasync def main():\n    print(list(rows()))\n\n\nasyncio.run(main())\n"},
        "[1]\n",
        "[item async for item in rows()]",
    ),
    Case(
        "asynchronous-aiter",
        {
            "main.py": """
                import asyncio


                class Ticks:
                    def __init__(self):
                        self.left = 2

                    async def __aiter__(self):
                        return self

                    async def __anext__(self):
                        if not self.left:
                            raise StopAsyncIteration
                        self.left -= 1
                        return self.left


                async def main():
                    async for tick in Ticks():
                        print(tick)


                asyncio.run(main())
            """
        },
        "1\n0\n",
        "    def __aiter__(self)",
    ),
    Case(
        "with-on-an-async-manager",
        {
            "main.py": """
                import asyncio


                class Session:
                    async def __aenter__(self):
                        return self

                    async def __aexit__(self, *error):
                        print("closed")

                    def get(self):
                        return 1


                async def main():
                    with Session() as session:
                        print(session.get())


                asyncio.run(main())
            """
        },
        "1\nclosed\n",
        "async with Session()",
    ),
    Case(
        "async-with-on-a-plain-manager",
        {
            "main.py": """
                import asyncio
                from contextlib import contextmanager


                @contextmanager
                def opened():
                    yield 2
                    print("closed")


                async def main():
                    async with opened() as two:
                        print(two)


                asyncio.run(main())
            """
        },
        "2\nclosed\n",
        "    with opened()",
    ),
    Case(
        "generator-without-its-decorator",
        {"main.py": "def opened():\n    yield 2\n    print('closed')\n\n\nwith opened() as two:\n    print(two)\n"},
        "2\nclosed\n",
        "@contextmanager\ndef opened",
    ),
    Case(
        "run-in-a-running-loop",
        {
            "main.py": """
                import asyncio


                async def price(name):
                    await asyncio.sleep(0)
                    return len(name)


                def total(names):
                    return sum([asyncio.run(price(name)) for name in names])


                async def main():
                    print(total(["a", "bb"]))


                asyncio.run(main())
            """
        },
        "3\n",
        "async def total(names)",
    ),
    Case(
        "one-coroutine-for-all-tries",
        {
            "main.py": """
                import asyncio

                tries = []


                async def fetch():
                    tries.append(1)
                    if len(tries) < 2:
                        raise OSError("down")
                    return "up"


                async def main():
                    job = fetch()
                    for _ in range(3):
                        try:
                            return await job
                        except OSError:
                            print("again")


                print(asyncio.run(main()))
            """
        },
        "again\nup\n",
        "return await fetch()",
    ),
    Case(
        "gather-of-a-list",
        {
            "main.py": "import asyncio\n\n\nasync def one():\n    return 1\n\n\nasync def main():\n    print(await asyncio.gather([one(), "
            "one()]))\n\n\nasyncio.run(main())\n"
        },
        "[1, 1]\n",
        "gather(*[",
    ),
    Case(
        "dropped-before-the-failure",
        {
            "store.py": STORE,
            "main.py": """
                import asyncio

                from store import Store


                async def main():
                    store = Store()
                    store.save("rum", 2)
                    row = await store.load("rum")
                    print(row["count"])


                asyncio.run(main())
            """,
        },
        "2\n",
        'await store.save("rum", 2)',
    ),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("old", [False, True], ids=["new", "3.9"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, old, tmp_path):
    check(tmp_path, case, RULE, old=old)


@pytest.mark.parametrize("example", named(RULE).examples, ids=lambda example: example.name)
def test_its_examples_hold(example, tmp_path):
    check_example(named(RULE), example, tmp_path)
