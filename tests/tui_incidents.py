"""A bad night of the scripted supervisor: incidents of every kind that a page and a feed must be able to show."""

from __future__ import annotations

from nexoide.model import event as e
from nexoide.model.examination import CommitRef, Examination, SourceView
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.route import RouteCount
from tests.tui_fake import ROOT, Fake, story
from tests.tui_texts import BILLING, STORE

BILLING_LINES = tuple(BILLING.split("\n"))
FAILING = next(number for number, line in enumerate(BILLING_LINES, 1) if "reply.content" in line)
SITE = f"{ROOT}/.venv/lib/python3.11/site-packages"


def bad_night(fake: Fake) -> None:
    """The shop's story, and with it: a critical one, one that came back, other languages, log records, groups, ignored and merged ones."""
    story(fake)
    now = fake.clock.wall()
    _examined(fake, now)
    _came_back(fake, now)
    fake.fail(6, "orders", "MemoryError", "", "shop/report.py", 12, "render", now - 40, 2, category="memory", severity="critical", expression="bytearray(size)")
    _group(fake, now)
    _other_language(fake, now)
    _log_record(fake, now)
    fake.fail(10, "worker", "DeprecationWarning", "utcnow() is deprecated", "shop/clock.py", 7, "stamp", now - 4000, 96, category="warning", severity="warning")
    fake.fail(11, "orders", "ConnectionResetError", "[Errno 104] Connection reset by peer", "shop/replies.py", 40, "ask", now - 5000, 18, category="connection")
    fake.fail(12, "orders", "ConnectionResetError", "[Errno 104] Connection reset", "shop/replies.py", 41, "ask", now - 4500, 3, category="connection")
    fake.tell(e.IncidentMoved(incident="I-10", state="ignored", note="ignored by kim"), actor="operator:kim", at=now - 900)
    fake.tell(e.IncidentMerged(incident="I-12", into="I-11"), actor="operator:kim", at=now - 800)
    fake.alike = {"I-3": ("I-1",)}


def _examined(fake: Fake, now: float) -> None:
    """I-3 with everything that can be known."""
    value = ValueView(type="Completion", module="shop.replies", repr="<Completion text='Thank you'>", attributes=("model", "role", "text"))
    frames = (
        Frame(file="/usr/lib/python3.11/http/server.py", line=421, function="BaseHTTPRequestHandler.handle_one_request", source="method()"),
        Frame(file=f"{SITE}/routing/app.py", line=88, function="App.__call__", source="return self.handle(scope)"),
        Frame(
            file=f"{ROOT}/shop/api.py", line=52, function="create_order", source="receipt = billing.receipt(basket)",
            locals={"basket": ValueView(type="dict", repr="{'sku-1': 2}")},
        ),
        Frame(file=f"{SITE}/tracing/spans.py", line=19, function="traced.<locals>.call", source="return function(*args)"),
        Frame(
            file=f"{ROOT}/shop/billing.py", line=FAILING, function="Billing.describe", source="return reply.content.strip()",
            end_line=FAILING, column=15, end_column=28,
            locals={
                "self": ValueView(type="Billing", repr="<shop.billing.Billing object>"),
                "kind": ValueView(type="str", repr="'receipt'"),
                "question": ValueView(type="str", repr="'thanks'"),
                "reply": value,
            },
        ),
    )  # fmt: skip
    raised = Raised(type="AttributeError", message="'Completion' object has no attribute 'content'", name="content", obj=value, frames=frames)
    cause = Raised(type="KeyError", message="'content'", relation="context", frames=frames[2:3])
    sample = Failure(
        target="orders", pid=4711, source="request", at=now - 3, thread="Thread-7", exceptions=(raised, cause), host="web-1", route="POST /orders",
        release="1.4.2",
    )  # fmt: skip
    fake.tell(
        e.IncidentOccurred(
            incident="I-3", count=fake.state.incidents["I-3"].count, added=0, at=now - 3, latest=sample, targets=("worker",), hosts=("web-1", "web-2"),
            sources=("request", "file"), routes={"POST /orders": 38, "GET /orders/{id}/receipt": 4}, requests=42,
        )
    )  # fmt: skip
    counts = (RouteCount(route="POST /orders", count=1203, errors=38), RouteCount(route="GET /orders/{id}/receipt", count=98, errors=4))
    fake.tell(e.RoutesMeasured(target="orders", began=now - 3600, ended=now, routes=counts))
    views = (
        SourceView(
            path="shop/billing.py", line=FAILING, function="Billing.describe", first_line=FAILING - 6, lines=BILLING_LINES[FAILING - 7 : FAILING + 6],
            commit="a" * 40,
        ),
    )  # fmt: skip
    introduced = CommitRef(id="3f1c2aa" + "0" * 33, author="Robin", at=now - 260_000, subject="Replies are objects of the new client")
    recent = (
        CommitRef(id="9d2e771" + "0" * 33, author="Kim", at=now - 8000, subject="Receipts in two languages"),
        introduced,
        CommitRef(id="17b0c55" + "0" * 33, author="Ada", at=now - 2_000_000, subject="Round totals at the end, not for each line"),
    )
    known = Examination(commit="a" * 40, sources=views, introduced=introduced, recent=recent)
    fake.tell(e.IncidentExamined(incident="I-3", examination=known))


def _came_back(fake: Fake, now: float) -> None:
    """I-1 was resolved, and is back."""
    since = (
        CommitRef(id="c0ffee1" + "0" * 33, author="Robin", at=now - 700, subject="Store: rows come from the pool"),
        CommitRef(id="c0ffee2" + "0" * 33, author="Kim", at=now - 500, subject="Bump the client"),
    )
    fake.tell(e.IncidentMoved(incident="I-1", state="resolved", note="212 passes without a recurrence", commit="a41f9c2e"), at=now - 1000)
    fake.tell(e.IncidentMoved(incident="I-1", state="open", note="it came back after it was resolved", commit="c0ffee2", since=since), at=now - 60)
    view = SourceView(path="shop/store.py", line=88, function="Store.get", first_line=86, lines=tuple(STORE.rstrip("\n").split("\n")))
    fake.tell(
        e.IncidentExamined(incident="I-1", examination=Examination(commit="c0ffee2", sources=(view,), note="shop/store.py was changed and not committed."))
    )


def _group(fake: Fake, now: float) -> None:
    frame = Frame(file=f"{ROOT}/shop/jobs.py", line=30, function="run_all", source="async with asyncio.TaskGroup() as group:")
    inner = Frame(file=f"{ROOT}/shop/jobs.py", line=44, function="send", source="await channel.send(job)")
    group = Raised(type="ExceptionGroup", message="unhandled errors in a TaskGroup (2 sub-exceptions)", frames=(frame,))
    members = tuple(Raised(type=name, message=text, relation="member", frames=(inner,)) for name, text in (("TimeoutError", ""), ("ValueError", "bad job 7")))
    sample = Failure(target="worker", pid=4718, source="task", at=now - 70, exceptions=(group, *members))
    fake.fail(7, "worker", "ExceptionGroup", group.message, "shop/jobs.py", 44, "send", now - 70, 4, sample=sample)


def _other_language(fake: Fake, now: float) -> None:
    text = "TypeError: Cannot read properties of undefined (reading 'id')\n    at render (/srv/web/cart.js:14:22)\n    at /srv/web/server.js:88:5"
    frames = (
        Frame(file="/srv/web/server.js", line=88, function="", column=4),
        Frame(file="/srv/web/cart.js", line=14, function="render", column=21),
    )
    raised = Raised(type="TypeError", message="Cannot read properties of undefined (reading 'id')", module="", frames=frames)
    sample = Failure(target="web", pid=0, source="file", at=now - 90, exceptions=(raised,), language="javascript", text=text, origin="logs/web.log")
    fake.fail(
        8, "web", "TypeError", raised.message, "", 0, "render", now - 90, 7, sample=sample, category="None", sources=("file",),
        note="Nothing is proposed for javascript.",
    )  # fmt: skip


def _log_record(fake: Fake, now: float) -> None:
    sample = Failure(
        target="orders", pid=4711, source="log", at=now - 20, logger="shop.stock", log_message="stock of sku-9 is negative: -3", origin="logs/app.log",
        text="2026-09-21 14:13:03 ERROR shop.stock stock of sku-9 is negative: -3\n  warehouse=north\n  caller=nightly",
    )  # fmt: skip
    fake.fail(9, "orders", "shop.stock", sample.log_message, "", 0, "", now - 20, 1, sample=sample, sources=("file",))
