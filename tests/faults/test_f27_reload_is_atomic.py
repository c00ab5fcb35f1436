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


def test_no_call_ever_sees_a_part_of_a_reload(bench: Bench) -> None:
    """A function and the two that it calls change together, over many reloads, while three threads call it all the time."""
    text = "def a():\n    return 0\n\n\ndef b():\n    return 0\n\n\ndef both():\n    return a(), b(), 0\n"
    path = bench.write("pair.py", text)
    program = bench.serve(
        "import pair, sys, threading\nsys.setswitchinterval(1e-5)\ntorn = []\nstop = []\nseen = set()\n"
        "def watch():\n    while not stop:\n        found = pair.both()\n        if len(set(found)) > 1:\n            torn.append(found)\n"
        "        seen.add(found)\n"
        "ts = [threading.Thread(target=watch, daemon=True) for _ in range(3)]\nfor t in ts: t.start()\n"
    )
    now = text
    for number in range(1, 21):
        new = text.replace("return 0", f"return {number}").replace("b(), 0", f"b(), {number}")
        reply = bench.peer.reload((path, now, new))
        assert (reply["state"], reply["blockers"]) == ("committed", []), reply
        now = new
    assert program.ask("(stop.append(1), len(torn), torn[:3], pair.both())")[1:] == (0, [], (20, 20, 20))
    assert program.ask("len(seen)") > 3
