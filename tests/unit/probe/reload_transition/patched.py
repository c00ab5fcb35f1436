"""A program of two files that is hammered while a patch over both is committed again and again; run as a script.

    python patched.py FOLDER '{"threads": 8, "tasks": 20, "commits": 10}'

Runs on CPython 3.9 and later. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
import traceback
import types
from pathlib import Path
from typing import Any

probe = types.ModuleType("probe")
probe.__path__ = [str(Path(__file__).resolve().parents[4] / "nexoide" / "probe")]
sys.modules["probe"] = probe

from probe.reload.transaction import File, prepare  # noqa: E402

STOCK = """\
import asyncio
from dataclasses import dataclass


@dataclass
class Line:
    name: str
    amount: int


class Shelf:
    def take(self, name, amount):
        assert (name, amount) == ("nut", 3), (name, amount)
        return self._done("v1", name)

    def _done(self, tag, name):
        assert tag == "v1", tag
        return tag, name


def reserve(name, amount, tag="v1"):
    assert (name, amount, tag) == ("nut", 3, "v1"), (name, amount, tag)
    return tag


def lines(tag):
    for _ in range(3):
        yield reserve("nut", 3)
        assert tag == "v1"


async def deliver(name, amount, *, tag="v1"):
    assert (name, amount, tag) == ("nut", 3, "v1"), (name, amount, tag)
    await asyncio.sleep(0)
    return reserve("nut", 3)
"""
ORDERS = """\
import asyncio
import stock
from stock import Line, lines, reserve

shelf = stock.Shelf()


def order():
    tag = reserve("nut", 3)
    assert shelf.take("nut", 3) == (tag, "nut")
    assert tag == "v1", tag
    assert list(lines("v1")) == [tag] * 3
    line = Line("nut", 3)
    assert (line.name, line.amount) == ("nut", 3), line
    return tag


async def serve():
    tag = reserve("nut", 3)
    assert await stock.deliver("nut", 3) == tag == "v1"
    await asyncio.sleep(0)
    assert [reserve("nut", 3) for _ in range(2)] == ["v1", "v1"]
"""
STOCK_2, ORDERS_2 = STOCK, ORDERS
for _old, _new in (
    ('"v1"', '"v2"'),
    ("def take(self, name, amount)", "def take_out(self, amount, name)"),
    ('(name, amount) == ("nut", 3)', '(amount, name) == (3, "nut")'),
    ("(name, amount, tag)", "(amount, name, tag)"),
    ('("nut", 3, "v2")', '(3, "nut", "v2")'),
    ("def reserve(name, amount,", "def reserve(amount, name,"),
    ("def deliver(name, amount,", "def deliver(amount, name,"),
    ('reserve("nut", 3)', 'reserve(3, "nut")'),
    ('deliver("nut", 3)', 'deliver(3, "nut")'),
    ('take("nut", 3)', 'take_out(3, "nut")'),
):
    STOCK_2, ORDERS_2 = STOCK_2.replace(_old, _new), ORDERS_2.replace(_old, _new)


def main(folder: str, threads: int, tasks: int, commits: int) -> dict[str, Any]:
    """Hammer and commit; returns what was seen."""
    paths = [Path(folder) / "stock.py", Path(folder) / "orders.py"]
    versions = [(STOCK, ORDERS), (STOCK_2, ORDERS_2)]
    for path, text in zip(paths, versions[0]):  # noqa: B905
        path.write_text(text, encoding="utf-8")
    sys.path.insert(0, folder)
    import orders  # type: ignore[import-not-found]

    errors: list[str] = []
    ends: list[bool] = []
    calls = [0]

    def call() -> None:
        while not ends:
            try:
                orders.order()
                calls[0] += 1
            except BaseException:
                errors.append(traceback.format_exc())

    async def one() -> None:
        while not ends:
            try:
                await orders.serve()
            except BaseException:
                errors.append(traceback.format_exc())

    async def loop() -> None:
        await asyncio.gather(*[one() for _ in range(tasks)])

    targets: list[Any] = [call] * threads + ([lambda: asyncio.run(loop())] if tasks else [])
    for target in targets:
        threading.Thread(target=target, daemon=True).start()
    time.sleep(0.2)
    reports = []
    for number in range(commits):
        base, new = versions[number % 2], versions[(number + 1) % 2]
        files = [File(str(path), *texts) for path, *texts in zip(paths, base, new)]  # noqa: B905
        report = prepare(files, lambda code: code, when="auto", bound=60.0).commit()
        reports.append([report.state, report.error, list(report.blockers)])
        shelf = vars(type(orders.shelf))
        assert ("take" in shelf, "take_out" in shelf) == (bool(number % 2), not number % 2), reports
    ends.append(True)
    time.sleep(0.1)
    return {"calls": calls[0], "reports": reports, "errors": errors[:3]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], **json.loads(sys.argv[2]))), flush=True)
    os._exit(0)
