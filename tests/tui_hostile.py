"""Thirteen payloads that terminals act upon, in every field that reaches the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nexoide.model import event as e
from nexoide.model.commands import DecideCommand
from nexoide.model.examination import CommitRef, Examination, SourceView
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.model.patch import Patch
from nexoide.model.target import TargetStatus

PAYLOADS = {
    "clear": "\x1b[2J",
    "title": "\x1b]0;PWNED\x07",
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\",
    "dcs": "\x1bP1$r0m\x1b\\",
    "c1": "\x9b31m",
    "apc": "\x1b_Gf=24;\x1b\\",
    "bell": "\x07",
    "backspace": "\x08\x08\x08",
    "return": "\rspoofed",
    "bidi": "\u202e\u2066",
    "unseen": "\u200b\u200d\ufeff\U000e0041",
    "surrogate": "\ud800",
}
MARKUP = "[red]x[/red][@click=app.detach()]y[/][/nope]"


def mix(field: str, only: str = "") -> str:
    """Return the payloads, each with a marker that must be seen, under the name of a field."""
    chosen = {only: PAYLOADS[only]} if only else PAYLOADS
    return f"{field}:" + "".join(f"{value}<{name[:4]}>" for name, value in chosen.items()) + MARKUP


def hostile_story(fake: Any) -> None:
    """Tell a story in which every string that anybody else can choose is hostile."""
    now = fake.clock.wall()
    fake.tell(
        e.SupervisorStarted(pid=1, version=mix("ver"), workspace=fake.workspace, project=mix("proj"), branch=mix("branch"), policy=mix("pol"), has_git=True),
        at=now,
    )
    target = mix("target")
    unwell = TargetStatus(name="\x1bsick", command=(), state="attached", pid=7, health="unwell", health_note=mix("health"))
    fake.tell(e.TargetChanged(target=unwell))
    fake.tell(e.TargetChanged(target=TargetStatus(name=target, command=(mix("cmd"),), state="given_up", restarts=3, note=mix("note"), tail=(mix("tail"),))))
    fake.logs[target] = [mix("log") for _ in range(40)]
    hostile_incidents(fake, now, target)
    for name in PAYLOADS:
        fake.think(now, "found", mix("thought", name), "I-1", "P-1", agent=mix("agent"))
    lines = [f"value_{number} = {mix('line', name)!s}" for number, name in enumerate(PAYLOADS) if name != "surrogate"]
    lines += ["tab\there", "long = " + "x" * 9000 + "\x1b[2J"]
    base = "\n".join(lines) + "\n"
    new = base.replace("value_", "wert_") + "more = '" + mix("tail") + "'"
    files = (
        fake.change(
            "src/" + mix("patch") + ".py",
            base.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"),
            new.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"),
        ),
        fake.change("b.py", "a\n", "\x1b]0;b\x07\n"),
    )
    for number in (1, 2, 3):
        fake.propose(
            Patch(
                id=f"P-{number}",
                incident="I-1",
                target=target,
                title=mix("title"),
                rationale=mix("rationale") + "\n" + mix("second"),
                rule=mix("rule"),
                author=mix("author"),
                base_commit=mix("base"),
                files=files,
                proposed_at=now,
                latency_ms=3.0,
            )
        )
        fake.stage(f"P-{number}", "inspected", "passed", mix("stage"), 3)
        fake.check(f"P-{number}", mix("kind"), "passed", mix("summary"), 1.0, 3.0, mix("detail"))
        fake.judge(f"P-{number}", 0.9, "review", mix("reason"))
    operator = mix("operator")
    fake.decide("approve", "P-3", DecideCommand(digest=fake.state.patches["P-3"].digest, operator=operator, reason=mix("why")))
    fake.deploy("P-3", operator, "\x1b[2J" + "f" * 36)
    fake.decide("reject", "P-2", DecideCommand(digest=fake.state.patches["P-2"].digest, operator=operator, reason=mix("why")))
    fake.later = [e.Notice(level="warning", text=mix("notice"))]


def hostile_incidents(fake: Any, now: float, target: str) -> None:
    """Tell of three incidents of which no word can be trusted: one with frames, one of another language, one that is a log record."""
    value = ValueView(type=mix("type"), repr=mix("repr"), attributes=(mix("attribute"),))
    frame = Frame(file=mix("file"), line=3, function=mix("func"), source=mix("src"), locals={mix("name"): value})
    library = replace(frame, file="/usr/lib/python3.11/" + mix("library"))
    raised = Raised(type=mix("class"), message=mix("msg"), name=mix("attr"), obj=value, frames=(library, frame))
    commit = CommitRef(id=mix("commit"), author=mix("author"), at=now, subject=mix("subject"))
    view = SourceView(path=mix("file"), line=3, function=mix("func"), first_line=1, lines=tuple(mix("view") for _ in range(6)), commit=mix("blob"))
    known = Examination(commit=mix("head"), sources=(view,), introduced=commit, recent=(replace(commit, id=mix("other")),), note=mix("examined"))
    whole = Failure(
        target=target, pid=1, source="main", at=now, exceptions=(raised, replace(raised, relation="cause")), thread=mix("thread"), host=mix("host"),
        origin=mix("origin"), route=mix("route"), release=mix("release"),
    )  # fmt: skip
    other = replace(whole, language=mix("language"), text=mix("text") + "\n" + mix("second"), exceptions=(replace(raised, frames=()),))
    record = replace(whole, exceptions=(), logger=mix("logger"), log_message=mix("logged") + "\n" + mix("second"), text=mix("text"))
    for number, sample in enumerate((whole, other, record), 1):
        incident = Incident(
            id=f"I-{number}", fingerprint=str(number), target=target, error_class=mix("class"), message=mix("message"), file=mix("path"), line=1,
            function=mix("func"), first_at=now, last_at=now, count=1, sample=sample, note=mix("note"), severity="critical", category="memory",
            expression=mix("expression"), targets=(target, mix("second")), hosts=(mix("host"),), sources=(mix("source"),),
            routes={mix("route"): 3, mix("further"): 1}, requests=4, resolved_at=now, resolved_commit=mix("resolved"), recurrences=2, since=(commit,),
        )  # fmt: skip
        fake.tell(e.IncidentOpened(incident=incident))
        fake.tell(e.IncidentExamined(incident=incident.id, examination=known))
    fake.alike = {"I-1": ("I-2", "I-3")}
