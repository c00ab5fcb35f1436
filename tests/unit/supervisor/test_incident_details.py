"""How much of incidents one answer holds on a bad night, and what stays of those that do not fit."""

from __future__ import annotations

from dataclasses import replace

from nexoide.model import codec
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.supervisor.incident_details import brief, within


def incident(number: int) -> Incident:
    frames = tuple(
        Frame(file=f"/w/{depth}.py", line=depth, function="f", source="x" * 80, locals={"a": ValueView(type="str", repr="r" * 150)}) for depth in range(40)
    )
    raised = Raised(type="E", message="m" * 3000, frames=frames)
    sample = Failure(target="app", pid=1, source="main", at=1.0, exceptions=(raised,), text="t" * 4000)
    return Incident(
        id=f"I-{number}",
        fingerprint=f"{number}",
        target="app",
        error_class="E",
        message="m",
        file="0.py",
        line=1,
        function="f",
        first_at=1.0,
        last_at=float(number),
        count=number,
        sample=sample,
        routes={f"GET /{route}": route for route in range(64)},
    )


def test_few_are_whole():
    every = [incident(number) for number in range(10)]
    assert within(every) == tuple(every)


def test_of_many_those_that_failed_last_are_whole_and_all_are_there_in_their_order():
    every = [incident(number) for number in range(2000)]
    limit = 20 * len(codec.encode(every[0])) + 1000
    found = within(every, limit)
    assert [one.id for one in found] == [one.id for one in every]
    whole = [one.id for one in found if one.sample.text]
    assert whole == [f"I-{number}" for number in range(2000 - len(whole), 2000)]
    assert 15 <= len(whole) <= 20
    assert len(codec.encode(found)) < 8 << 20


def test_a_brief_one_still_says_what_and_where():
    one = replace(incident(3), note="n")
    short = brief(one)
    assert (short.id, short.count, short.note, short.sample.exceptions[0].type) == (one.id, one.count, "n", "E")
    assert short.sample.exceptions[0].frames[-1].file == "/w/39.py"
    assert short.routes == {"GET /63": 63, "GET /62": 62, "GET /61": 61}
    assert len(codec.encode(short)) < 3000
