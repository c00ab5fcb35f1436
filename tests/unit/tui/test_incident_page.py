"""An incident's page: everything that is known is there, at every width, and nothing of it is trusted to be well-formed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from nexoide.model import event as e
from nexoide.model.examination import SourceView
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.tui.incident.code import span_of
from nexoide.tui.incident.frames import failing_frame, is_own
from nexoide.tui.incident.page import IncidentPage, View
from nexoide.tui.incident.sheet import Link, Sheet
from nexoide.tui.themes import load
from tests.tui_fake import ROOT, Fake
from tests.tui_hostile import hostile_story
from tests.tui_incidents import FAILING, bad_night

SKIN = load("nexoide-dark")
WIDTHS = [40, 58, 76, 116, 149, 150, 196]


def night() -> Fake:
    fake = Fake()
    bad_night(fake)
    return fake


def sheet_of(fake: Fake, incident: str | Incident, width: int = 116, view: View | None = None) -> Sheet:
    found = fake.state.incidents[incident] if isinstance(incident, str) else incident
    return IncidentPage().sheet(found, fake.state, view or View(), SKIN, width, fake.clock.wall())


def text_of(fake: Fake, incident: str | Incident, width: int = 116, view: View | None = None) -> str:
    return "\n".join(line.plain.rstrip() for line in sheet_of(fake, incident, width, view).lines)


def test_all_that_is_known_is_told() -> None:
    told = text_of(night(), "I-3")
    for part in (
        "AttributeError: 'Completion' object has no attribute 'content'",
        "missing attribute · 45 times · 42 requests failed",
        "P-14  content missing on Completion",
        "as in commit aaaaaaa",
        f"shop/billing.py:{FAILING}  Billing.describe",
        "Completion has no content; it has model, role, text",
        "a bar is ",
        "first seen ",
        "orders, worker",
        "web-1, web-2",
        "requests, log files",
        "POST /orders                 38  of 1.2k, 3.2 %",
        "pid 4711 · in Thread-7 · on web-1 · release 1.4.2 · POST /orders",
        "while handling KeyError: 'content'",
        "3f1c2aa  3d ago  Replies are objects of the new client  Robin",
        "9d2e771  2h13m ago  Receipts in two languages  Kim",
    ):
        assert part in told, part


def test_the_expression_is_marked_below_its_columns_and_its_values_come_first() -> None:
    lines = text_of(night(), "I-3").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("▶"))
    start = lines[at].index("reply.content.strip()")
    assert lines[at + 1] == " " * start + "^" * len("reply.content")
    values = [line.split()[0] for line in lines[at:] if line.startswith("  ") and line.split()[1:2] in (["Completion"], ["Billing"], ["str"])]
    assert values == ["reply", "self", "kind", "question"]


@pytest.mark.parametrize(
    ("text", "columns", "expression", "whole", "marked"),
    [
        ("    return a.b", (11, 14), "", True, "a.b"),
        ("return a.b", (11, 14), "", False, ""),
        ("return a.b", (11, 14), "a.b", False, "a.b"),
        ("return a.b + a.b", (-1, -1), "a.b", False, ""),
        ("    return a.b + a.b", (17, 20), "a.b", True, "a.b"),
        ("    return a.b", (11, 400), "", True, ""),
        ("    return a.b", (14, 11), "", True, ""),
        ("    é = 漢['x']", (8, 14), "", True, "漢['x']"),
        ("", (0, 5), "x", True, ""),
    ],
)
def test_only_what_is_certain_is_marked(text: str, columns: tuple[int, int], expression: str, whole: bool, marked: str) -> None:
    frame = Frame(file="a.py", line=1, function="f", end_line=1, column=columns[0], end_column=columns[1])
    first, last = span_of(text, frame, expression, whole=whole)
    assert text[first:last] == marked


def test_an_expression_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    frame = Frame(file="a.py", line=1, function="f", end_line=3, column=4, end_column=2)
    assert span_of("x = call(", frame, "", whole=True) == (4, 9)


def test_library_frames_are_one_line_until_they_are_asked_for() -> None:
    fake = night()
    folded, unfolded = text_of(fake, "I-3"), text_of(fake, "I-3", view=View(libraries=True))
    assert "… 2 frames of libraries  f shows them" in folded
    assert "site-packages" not in folded
    assert ".venv/lib/python3.11/site-packages/routing/app.py:88  App.__call__" in unfolded
    assert "frames of libraries" not in unfolded


def test_more_shows_values_and_source_of_every_frame_of_the_program() -> None:
    fake = night()
    assert "basket  dict  {'sku-1': 2}" not in text_of(fake, "I-3")
    assert "basket  dict  {'sku-1': 2}" in text_of(fake, "I-3", view=View(values=True))


@pytest.mark.parametrize(
    ("file", "in_app", "own"),
    [
        (f"{ROOT}/shop/a.py", None, True),
        (f"{ROOT}/.venv/lib/python3.11/site-packages/x/a.py", None, False),
        ("/usr/lib/python3.11/json/decoder.py", None, False),
        ("/srv/app/current/shop/a.py", None, True),
        ("/srv/app/current/shop/a.py", False, False),
        ("/usr/lib/python3.11/json/decoder.py", True, True),
        ("<frozen importlib._bootstrap>", None, False),
        ("<stdin>", None, True),
        ("/srv/web/node_modules/express/lib/router.js", None, False),
        ("node:internal/process/task_queues", None, False),
        ("C:\\Python311\\Lib\\json\\decoder.py", None, False),
    ],
)
def test_whose_code_a_frame_is(file: str, in_app: bool | None, own: bool) -> None:
    assert is_own(Frame(file=file, line=1, function="f", in_app=in_app), ROOT) is own


def test_the_failing_frame_is_the_programs_own_even_where_a_library_raised() -> None:
    fake = night()
    incident = fake.state.incidents["I-3"]
    raised = incident.sample.exceptions[0]
    deeper = replace(raised, frames=(*raised.frames, Frame(file="/usr/lib/python3.11/json/decoder.py", line=3, function="decode")))
    found = failing_frame(replace(incident, sample=replace(incident.sample, exceptions=(deeper,))), ROOT)
    assert found is not None
    assert found[1].function == "Billing.describe"


def test_one_that_came_back_says_since_when_and_what_was_committed() -> None:
    told = text_of(night(), "I-1")
    assert "failing again: it came back · class missing method · 412 times" in told
    assert "it had been resolved 16m ago, at a41f9c2; committed since then:" in told
    assert "c0ffee1  11m ago  Store: rows come from the pool  Robin" in told
    assert "as on disk, not committed" in told


def test_what_has_no_frames_shows_the_record_or_the_text() -> None:
    fake = night()
    assert "warehouse=north" in text_of(fake, "I-9")
    assert "logger      shop.stock" in text_of(fake, "I-9")
    web = text_of(fake, "I-8")
    assert "at render (/srv/web/cart.js:14:22)" in web
    assert "javascript" in web


def test_members_of_a_group_are_all_there() -> None:
    told = text_of(night(), "I-7")
    assert "with TimeoutError" in told
    assert "with ValueError: bad job 7" in told


def test_links_lead_to_patches_parts_and_where_it_went() -> None:
    fake = night()
    assert [link for link, _ in sheet_of(fake, "I-3").links] == [Link("patch", "P-14")]
    assert [link for link, _ in sheet_of(fake, "I-11").links] == [Link("incident", "I-12")]
    assert [link for link, _ in sheet_of(fake, "I-12").links] == [Link("incident", "I-11")]
    for name in ("I-3", "I-11", "I-12"):
        for width in WIDTHS:
            sheet = sheet_of(fake, name, width)
            for link, line in sheet.links:
                assert link.id in sheet.lines[line].plain


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_width(width: int) -> None:
    for tell in (bad_night, hostile_story):
        fake = Fake()
        tell(fake)
        for name in fake.state.incidents:
            for view in (View(), View(libraries=True, values=True)):
                for line in sheet_of(fake, name, width, view).lines:
                    assert line.width <= width, line.plain
                    assert line.plain.isprintable()


def test_an_incident_of_which_hardly_anything_is_known_has_a_page() -> None:
    fake = Fake()
    fake.tell(e.SupervisorStarted(pid=9, version="0.1.0", workspace=ROOT, project="shop", branch="main", policy="review", has_git=True))
    bare = Incident(
        id="I-1", fingerprint="f", target="", error_class="", message="", file="", line=0, function="", first_at=float("nan"), last_at=-1e30, count=0,
        sample=Failure(target="", pid=0, source="http", at=float("inf"), status=503),
    )  # fmt: skip
    fake.tell(e.IncidentOpened(incident=replace(bare, first_at=0.0, last_at=0.0)))
    assert "status 503" in text_of(fake, "I-1")
    assert "first seen" in text_of(fake, bare)


def huge() -> Incident:
    value = ValueView(type="T" * 300, repr="r" * 200, attributes=tuple(f"attribute_{n}" for n in range(64)))
    frame = Frame(file="/a/b.py", line=5, function="f" * 300, source="x" * 4096, locals={f"name_{n}": value for n in range(128)}, column=0, end_column=4000)
    raised = Raised(type="E" * 500, message="m" * 4096, obj=value, name="n", frames=(frame,) * 128)
    sample = Failure(target="t", pid=1, source="main", at=5.0, exceptions=(raised,) * 16, text="line\n" * 800, log_message="x\n" * 2000, logger="l")
    view = SourceView(path="b.py", line=5, function="f", first_line=1, lines=("y = '" + "é[" * 2000,) * 13)
    return Incident(
        id="I-1", fingerprint="f", target="t", error_class="E" * 500, message="m" * 4096, file="b.py", line=5, function="f", first_at=1.0, last_at=5.0,
        count=10**12, sample=sample, routes={f"GET /{n}/" + "r" * 300: n for n in range(64)}, hosts=tuple(f"host-{n}" for n in range(64)),
        requests=7, expression="z" * 200, targets=tuple(f"t{n}" for n in range(64)), examination=None if view is None else _known(view),
    )  # fmt: skip


def _known(view: SourceView) -> e.Examination:
    return e.Examination(commit="c", sources=(view,) * 8)


def test_the_largest_incident_there_can_be_has_a_page_of_bounded_length_and_cost() -> None:
    fake, incident = night(), huge()
    told = text_of(fake, incident, 76)
    assert "GET /63" in told
    assert "and 52 more routes or more" in told
    assert "68 outer frames" in told
    assert "4 more exceptions" in told
    lines = sheet_of(fake, incident, 76, View(libraries=True, values=True)).lines
    assert len(lines) < 4000
    assert any("more frames: the page is long enough" in line.plain for line in lines)
    page, best = IncidentPage(), float("inf")
    state, now = fake.state, fake.clock.wall()
    page.sheet(incident, state, View(), SKIN, 116, now)
    for count in range(3):
        began = time.process_time()
        page.sheet(replace(incident, count=count), state, View(), SKIN, 116, now)
        best = min(best, time.process_time() - began)
    assert best < 0.1, f"{best * 1000:.0f} ms for one more occurrence"
