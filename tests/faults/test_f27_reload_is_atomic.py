"""F27: a reload under load: no thread sees a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.probe.peer import Bench
from tests.unit.probe.peer import bench as benches


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A workspace with a supervisor's end of the wire."""
    yield from benches(tmp_path)


def test_no_thread_ever_sees_a_part_of_a_reload(bench: Bench) -> None:
    """Two functions that must agree are called by four threads over many reloads, and always agree."""
    text = "def a():\n    return 0\n\n\ndef b():\n    return 0\n\n\ndef both():\n    return a(), b()\n"
    path = bench.write("pair.py", text)
    program = bench.serve(
        "import pair, sys, threading\nsys.setswitchinterval(1e-6)\ntorn = []\nstop = []\nseen = set()\n"
        "def check():\n    a, b = pair.a.__code__.co_consts, pair.b.__code__.co_consts\n"
        "def watch():\n    f = pair.a, pair.b\n    while not stop:\n        codes = [x.__code__ for x in f]\n        again = f[0].__code__\n"
        "        if codes[0] is again and codes[0].co_consts != codes[1].co_consts:\n            torn.append(1)\n        seen.add(codes[0].co_consts)\n"
        "ts = [threading.Thread(target=watch, daemon=True) for _ in range(3)]\nfor t in ts: t.start()\n"
    )
    now = text
    for number in range(1, 21):
        new = text.replace("return 0", f"return {number}")
        reply = bench.peer.reload((path, now, new))
        assert reply["state"] == "committed", reply["error"]
        now = new
    assert program.ask("(stop.append(1), len(torn), pair.both())")[1:] == (0, (20, 20))
    assert program.ask("len(seen)") > 3
