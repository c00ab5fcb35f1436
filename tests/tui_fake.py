"""A scripted supervisor for the screen: a realistic story, told as events, with decisions that have effects.

`python -m tests.tui_fake` opens the real screen on it (`--hostile` puts escape sequences into every field).
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from nexoide.clock import Clock, SystemClock
from nexoide.errors import ConflictError, NotFoundError
from nexoide.model import event as e
from nexoide.model.commands import DecideCommand, Decided, ExplainCommand, IncidentAnswer, IncidentCommand
from nexoide.model.deployment import Decision, Deployment, DeploymentPlan, PlannedFile
from nexoide.model.details import IncidentDetails, SimilarIncident
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.model.patch import Evidence, FileChange, Patch, Stage, patch_digest
from nexoide.model.projection import State
from nexoide.model.reload import DefinitionChange, Explanation, ProcessReload
from nexoide.model.target import TargetStatus, Thought
from tests.tui_texts import BILLING, BILLING_NEW, CART, CART_NEW, CART_TEST, CART_TEST_NEW, DISCOUNT, SHIPPING, SHIPPING_NEW, STORE, STORE_NEW

ROOT = "/home/kim/shop"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


class Fake:
    """Implements what the screen needs of the client, from a journal in memory."""

    def __init__(self, clock: Clock | None = None, *, workspace: str = ROOT, pace: float = 0.0) -> None:
        self.clock = clock or SystemClock()
        self.workspace = workspace
        self.events: list[e.Event] = []
        self.state = State()
        self.blobs: dict[str, bytes] = {}
        self.logs: dict[str, list[str]] = {}
        self.commands: list[tuple[str, str, DecideCommand]] = []
        self.said: list[tuple[str, IncidentCommand]] = []
        self.alike: dict[str, tuple[str, ...]] = {}
        self.pace = pace
        self.closed = False
        self.later: list[Any] = []
        self._more = asyncio.Event()
        self._on_state: Callable[[Literal["connected", "lost"]], None] | None = None

    # what the screen calls

    async def stream(self, after: int, on_state: Callable[[Literal["connected", "lost"]], None] | None = None) -> AsyncIterator[e.Event]:
        self._on_state = on_state
        if self.later:
            asyncio.get_running_loop().call_later(0.3, self.tell, *self.later)
        if on_state:
            on_state("connected")
        at = after
        while True:
            while at < len(self.events):
                at += 1
                yield self.events[at - 1]
            self._more.clear()
            await self._more.wait()

    async def blob(self, sha256: str) -> bytes:
        if sha256 not in self.blobs:
            raise NotFoundError(f"No blob {sha256[:12]}: the journal was cut.")
        return self.blobs[sha256]

    async def approve(self, patch_id: str, command: DecideCommand) -> Decided:
        self._check("approve", patch_id, command)
        self.decide("approve", patch_id, command)
        commit = sha(patch_id)[:40]
        self.deploy(patch_id, command.operator, commit)
        return Decided(patch=patch_id, state="live", sentence=f"{patch_id} is live: committed as {commit[:7]}, reloaded in 132 ms.", commit=commit)

    async def reject(self, patch_id: str, command: DecideCommand) -> Decided:
        self._check("reject", patch_id, command)
        self.decide("reject", patch_id, command)
        return Decided(patch=patch_id, state="rejected", sentence=f"{patch_id} was rejected; nothing changed.")

    async def revert(self, patch_id: str, command: DecideCommand) -> Decided:
        self._check("revert", patch_id, command)
        self.decide("revert", patch_id, command)
        patch = self.state.patches[patch_id]
        name = f"D-{len(self.state.deployments) + 1}"
        self.tell(e.DeploymentStarted(deployment=replace(self.state.deployments[patch.deployment], id=name, action="revert", state="started")))
        self.tell(
            e.DeploymentCommitted(deployment=name), e.DeploymentLive(deployment=name, pids=(4711,), changed=("back",), milliseconds=98.0, at=self.clock.wall())
        )
        self.tell(e.IncidentMoved(incident=patch.incident, state="open", note="its patch was taken back"))
        return Decided(patch=patch_id, state="reverted", sentence=f"{patch_id} was taken back: reverted and reloaded in 98 ms.")

    async def explain(self, command: ExplainCommand) -> list[Explanation]:
        found = (
            DefinitionChange(module="shop.billing", name="Billing.describe", kind="method", action="replaced", file="/home/kim/shop/billing.py", line=33),
            DefinitionChange(module="shop.billing", name="text_of", kind="function", action="added", file="/home/kim/shop/billing.py", line=14),
            DefinitionChange(
                module="shop.billing", name="Billing", kind="class", action="restart", reason="its slots grew: restart the program for it.", line=17
            ),
        )
        process = ProcessReload(pid=4711, ok=True, state="prepared", definitions=found, blockers=("Thread poll is inside shop.billing.Billing.describe.",))
        return [Explanation(subject=command.patch, target="shop", state="live", summary="2 would change", processes=(process,))]

    async def incident_action(self, incident_id: str, command: IncidentCommand) -> IncidentAnswer:
        self.said.append((incident_id, command))
        incident = self.state.incidents.get(incident_id)
        if incident is None:
            raise NotFoundError(f"There is no incident {incident_id}: 'nexoide incidents list --all' names them.")
        actor = f"operator:{command.operator}"
        match command.action:
            case "merge":
                self.tell(e.IncidentMerged(incident=incident_id, into=command.into), actor=actor)
                sentence = f"{incident_id} is counted with {command.into} from now on."
            case "split":
                parts = tuple(one.id for one in self.state.incidents.values() if one.into == incident_id) if not command.by else ()
                self.tell(e.IncidentSplit(incident=incident_id, by=command.by or None, parted=parts), actor=actor)  # type: ignore[arg-type]
                sentence = f"{incident_id} is told apart by {command.by}." if command.by else f"{', '.join(parts)} and {incident_id} are apart again."
            case _:
                state: Any = {"ignore": "ignored", "resolve": "resolved", "reopen": "open"}[command.action]
                if incident.state == "probation":
                    raise ConflictError(f"{incident_id} is on probation: wait for its outcome, or take its patch back.")
                self.tell(e.IncidentMoved(incident=incident_id, state=state, note=f"{state} by {command.operator}"), actor=actor)
                sentence = f"{incident_id} is {state}."
        return IncidentAnswer(incident=incident_id, state=self.state.incidents[incident_id].state, sentence=sentence)

    async def incident(self, incident_id: str) -> IncidentDetails:
        found = self.state.incidents.get(incident_id)
        if found is None:
            raise NotFoundError(f"There is no incident {incident_id}: 'nexoide incidents list --all' names them.")
        others = [self.state.incidents[name] for name in self.alike.get(incident_id, ())]
        alike = tuple(
            SimilarIncident(
                id=one.id, score=0.8, state=one.state, category=one.category, error_class=one.error_class, message=one.message, file=one.file,
                line=one.line, function=one.function, count=one.count, last_at=one.last_at,
                patches=tuple(patch.id for patch in self.state.patches.values() if patch.incident == one.id and patch.state == "live"),
            )
            for one in others
        )  # fmt: skip
        return IncidentDetails(incident=found, similar=alike)

    async def target_log(self, name: str, lines: int) -> list[str]:
        return self.logs.get(name, [])[-lines:]

    async def aclose(self) -> None:
        self.closed = True

    def _check(self, action: str, patch_id: str, command: DecideCommand) -> None:
        self.commands.append((action, patch_id, command))
        patch = self.state.patches.get(patch_id)
        if patch is None:
            raise NotFoundError(f"There is no patch {patch_id}.")
        if command.digest != patch.digest:
            raise ConflictError(f"{patch_id} is not what was shown: look at it again.")
        if action != "revert" and patch.state != "waiting":
            raise ConflictError(f"{patch_id} was already {patch.state} by {patch.decided_by}: nothing changed.")

    # telling the story

    def tell(self, *bodies: Any, at: float | None = None, actor: str = "supervisor") -> None:
        for body in bodies:
            event = e.Event(
                seq=len(self.events) + 1, ts=at if at is not None else self.clock.wall(), kind=e.KIND_OF[type(body)], actor=actor, via="local", body=body
            )
            self.events.append(event)
            self.state.apply(event)
        self._more.set()

    def lose(self) -> None:
        if self._on_state:
            self._on_state("lost")

    def change(self, path: str, base: str, new: str) -> FileChange:
        for text in (base, new):
            self.blobs[sha(text)] = text.encode("utf-8", "surrogateescape")
        return FileChange(path=path, base_sha256=sha(base), new_sha256=sha(new))

    def fail(self, number: int, target: str, error: str, message: str, file: str, line: int, function: str, at: float, count: int = 1, **known: Any) -> str:
        frames = (
            Frame(file="/usr/lib/python3.11/http/server.py", line=421, function="handle_one_request", source="method()"),
            Frame(
                file=f"{ROOT}/{file}",
                line=line,
                function=function,
                source="return reply.content.strip()",
                locals={"reply": ValueView(type="Completion", repr="<Completion text='Thank you'>")},
            ),
        )
        sample = Failure(
            target=target, pid=4711, source="thread", at=at, exceptions=(Raised(type=error, message=message, frames=frames if file else frames[:1]),)
        )
        name = f"I-{number}"
        incident = Incident(
            id=name, fingerprint=sha(name), target=target, error_class=error, message=message, file=file, line=line, function=function,
            first_at=at, last_at=at, count=1, **{"sample": sample, "targets": (target,), **known},
        )  # fmt: skip
        self.tell(e.IncidentOpened(incident=incident), at=at)
        if count > 1:
            self.happen(name, at + 1, count - 1)
        return name

    def happen(self, incident: str, at: float, added: int) -> None:
        self.tell(e.IncidentOccurred(incident=incident, count=self.state.incidents[incident].count + added, added=added, at=at), at=at)

    def think(self, at: float, step: Any, text: str, incident: str = "", patch: str = "", agent: str = "medic") -> None:
        self.tell(e.ThoughtSpoken(thought=Thought(agent=agent, step=step, text=text, incident=incident, patch=patch, at=at)), at=at, actor=agent)

    def propose(self, patch: Patch) -> None:
        self.tell(e.PatchProposed(patch=patch), at=patch.proposed_at, actor="medic")

    def stage(self, patch: str, stage: Stage, status: Any = "passed", detail: str = "", ms: float = 0.0) -> None:
        self.tell(e.PatchStage(patch=patch, stage=stage, status=status, detail=detail, milliseconds=ms))

    def check(self, patch: str, kind: str, outcome: Any, summary: str, weight: float, ms: float, *detail: str) -> None:
        self.tell(
            e.EvidenceGathered(patch=patch, evidence=Evidence(kind=kind, outcome=outcome, summary=summary, detail=detail, milliseconds=ms, weight=weight))
        )

    def judge(self, patch: str, confidence: float, verdict: Any = "review", reason: str = "") -> None:
        digest = patch_digest(self.workspace, self.state.patches[patch])
        self.tell(e.PatchJudged(patch=patch, confidence=confidence, verdict=verdict, digest=digest, reason=reason))

    def decide(self, action: Any, patch: str, command: DecideCommand) -> None:
        decision = Decision(patch=patch, action=action, digest=command.digest, operator=command.operator, at=self.clock.wall(), reason=command.reason)
        self.tell(e.DecisionMade(decision=decision), actor=f"operator:{command.operator}")

    def deploy(self, patch_id: str, operator: str, commit: str, *, passes: int = 0, live_at: float | None = None) -> str:
        patch = self.state.patches[patch_id]
        name = f"D-{len(self.state.deployments) + 1}"
        files = tuple(PlannedFile(path=c.path, before_sha256=c.base_sha256, after_sha256=c.new_sha256) for c in patch.files)
        plan = DeploymentPlan(files=files, ref="refs/heads/main", old_commit="0" * 40, new_commit=commit)
        deployment = Deployment(id=name, patch=patch_id, incident=patch.incident, target=patch.target, action="approve", operator=operator, plan=plan)
        self.tell(e.DeploymentStarted(deployment=deployment), e.DeploymentCommitted(deployment=name))
        at = live_at or self.clock.wall()
        self.tell(e.DeploymentLive(deployment=name, pids=(4711,), changed=(f"{patch.files[0].path}: 1 function replaced",), milliseconds=132.0, at=at))
        self.tell(e.IncidentMoved(incident=patch.incident, state="probation", note="needs 20 passes and 5 s without a recurrence"))
        if passes:
            self.tell(e.DeploymentPassed(deployment=name, passes=passes, failures=0))
        return name


def checks(fake: Fake, patch: str, *, tests: int = 21) -> None:
    fake.stage(patch, "inspected", ms=3.2)
    fake.check(patch, "inspect", "passed", "It touches one function, imports nothing new and calls nothing dangerous.", 0.3, 3.2)
    fake.stage(patch, "rehearsed", ms=212)
    fake.check(
        patch,
        "replay",
        "passed",
        "The failing call was replayed with the patch: it returns.",
        1.4,
        212.4,
        "3 callers get Completion, 1 gets Chat",
        "no other caller changes its result",
    )
    fake.stage(patch, "tested", ms=1840)
    fake.check(
        patch,
        "tests",
        "passed",
        f"{tests} tests pass in the sandbox, as many as before.",
        0.9,
        1840.0,
        "pytest -q, 1.8 s",
        "confined by bubblewrap: no network, 512 MB, 60 s",
    )


def story(fake: Fake) -> None:
    """A service with five incidents and patches in every state; the last minutes are the busy ones."""
    now = fake.clock.wall()
    start = now - 11_520
    fake.tell(e.SupervisorStarted(pid=900, version="0.1.0", workspace=fake.workspace, project="shop", branch="main", policy="review", has_git=True), at=start)
    for name, command, pid, state in (("orders", ("python", "-m", "shop"), 4711, "attached"), ("worker", ("python", "-m", "shop.worker"), 4718, "attached")):
        fake.tell(e.TargetChanged(target=TargetStatus(name=name, command=command, state=state, pid=pid, python="3.11.7")), at=start + 1)  # type: ignore[arg-type]
    fake.logs["orders"] = [f'127.0.0.1 - "POST /orders HTTP/1.1" {500 if n % 4 == 0 else 201}' for n in range(300)]
    store = fake.fail(
        1, "orders", "AttributeError", "'Rows' object has no attribute 'fetch'", "shop/store.py", 88, "Store.get", start + 400, 412, category="missing method"
    )
    ship = fake.fail(
        2,
        "worker",
        "TypeError",
        "quote() missing 1 required positional argument: 'express'",
        "shop/shipping.py",
        31,
        "quote",
        start + 900,
        57,
        category="wrong signature",
    )
    outside = fake.fail(5, "orders", "TimeoutError", "upstream did not answer within 2.0 s", "", 0, "", now - 300, 1, category="timeout")
    bill = fake.fail(
        3,
        "orders",
        "AttributeError",
        "'Completion' object has no attribute 'content'",
        "shop/billing.py",
        29,
        "Billing.describe",
        now - 130,
        6,
        category="missing attribute",
    )
    cart = fake.fail(
        4, "orders", "TypeError", "unsupported operand type(s) for -: 'int' and 'NoneType'", "shop/cart.py", 23, "Cart.total", now - 12, 2, category="None"
    )
    for back, added in ((52, 1), (46, 2), (40, 3), (33, 5), (27, 9), (21, 7), (15, 6), (9, 4), (3, 2)):
        fake.happen(bill, now - back, added)
    for back in (9, 6, 2):
        fake.happen(cart, now - back, 1)

    def patch(number: int, incident: str, target: str, title: str, rationale: str, rule: str, change: FileChange | tuple[FileChange, ...], at: float) -> str:
        files = change if isinstance(change, tuple) else (change,)
        fake.propose(
            Patch(
                id=f"P-{number}",
                incident=incident,
                target=target,
                title=title,
                rationale=rationale,
                rule=rule,
                author="medic",
                base_commit="a" * 40,
                files=files,
                proposed_at=at,
                latency_ms=812.0,
            )
        )
        return f"P-{number}"

    resolved = patch(
        11,
        store,
        "orders",
        "Rows has no fetch(): call get()",
        "Rows was renamed in 3f1c.",
        "missing-method",
        fake.change("shop/store.py", STORE, STORE_NEW),
        start + 402,
    )
    checks(fake, resolved)
    fake.judge(resolved, 0.96)
    decided = DecideCommand(digest=fake.state.patches[resolved].digest, operator="kim")
    fake.decide("approve", resolved, decided)
    fake.deploy(resolved, "kim", "a41f9c2e" + "0" * 32, passes=212, live_at=start + 430)
    fake.tell(e.IncidentMoved(incident=store, state="resolved", note="212 passes without a recurrence"))
    bad = patch(
        10,
        ship,
        "worker",
        "Pass express=None everywhere",
        "A guess.",
        "call-signature",
        fake.change("shop/shipping.py", SHIPPING, SHIPPING + "\n"),
        start + 901,
    )
    fake.stage(bad, "inspected", ms=2.9)
    fake.stage(bad, "rehearsed", "failed", "the call fails as before", 180)
    fake.check(bad, "replay", "failed", "The failing call fails as before.", -3.0, 180.0)
    fake.judge(bad, 0.04, "reject", "the replay fails as before")
    probation = patch(
        12,
        ship,
        "worker",
        "quote() needs express: give it the old default",
        "quote() gained a parameter in 77ab; two callers were left.",
        "call-signature",
        fake.change("shop/shipping.py", SHIPPING, SHIPPING_NEW),
        start + 905,
    )
    checks(fake, probation)
    fake.judge(probation, 0.91)
    fake.decide("approve", probation, DecideCommand(digest=fake.state.patches[probation].digest, operator="kim"))
    fake.deploy(probation, "kim", "77be01d4" + "0" * 32, passes=13, live_at=now - 47)

    fake.think(now - 301, "saw", "TimeoutError outside the workspace · once", outside)
    fake.think(now - 300.5, "done", "nothing to patch: the failing code is not in the workspace; kept to be watched", outside)
    first = patch(
        14, bill, "orders", "content missing on Completion: read text instead",
        "ask() returns Chat for questions and Completion for receipts. Only Chat has .content; Completion keeps the same words in .text.\n"
        "The patch adds text_of(), which reads whichever there is, and uses it where the receipt is worded. Replies that have .content are read as before.",
        "missing-attribute", fake.change("shop/billing.py", BILLING, BILLING_NEW), now - 124,
    )  # fmt: skip
    fake.think(now - 130, "saw", "AttributeError in shop/billing.py:29 · 'Completion' object has no attribute 'content' · 38×", bill)
    fake.think(now - 129, "think", "Completion has text, role and model; three callers get Completion, one gets Chat", bill)
    fake.think(now - 128, "try", "1 of 3  replace .content by .text", bill)
    fake.think(now - 127, "found", "Chat has no .text: the fourth caller would fail", bill)
    fake.think(now - 126, "try", "2 of 3  read whichever of the two there is", bill)
    fake.think(now - 125, "found", "the replay passes, no other caller changes its result, 21 tests pass", bill, first)
    fake.think(now - 124, "wait", "P-14 waits for you · 0.93", bill, first)
    checks(fake, first)
    fake.judge(first, 0.93)
    second = patch(
        15, cart, "orders", "discount() forgets to return its share", DISCOUNT, "missing-return",
        (fake.change("shop/cart.py", CART, CART_NEW), fake.change("tests/test_cart.py", CART_TEST, CART_TEST_NEW)), now - 9,
    )  # fmt: skip
    fake.think(now - 12, "saw", "TypeError in shop/cart.py:23 · 'int' - 'NoneType' · 5×", cart)
    fake.think(now - 11, "think", "discount() returns None on every path; its last statement is an expression that nobody uses", cart)
    fake.think(now - 10, "try", "1 of 1  return share", cart)
    fake.think(now - 9, "found", "the replay passes, 22 tests pass", cart, second)
    checks(fake, second, tests=22)
    fake.judge(second, 0.81)
    fake.think(now - 8, "wait", "P-15 waits for you · 0.81", cart, second)


async def go_on(fake: Fake) -> None:
    """Let life go on: traffic, a patch in the making, probation that passes."""
    third = "P-16"
    await asyncio.sleep(1.5)
    now = fake.clock.wall()
    incident = fake.fail(6, "worker", "KeyError", "'zone-7'", "shop/shipping.py", 12, "rate", now, 3)
    fake.think(now, "saw", "KeyError in shop/shipping.py:12 · 'zone-7' · 3×", incident)
    await asyncio.sleep(0.8)
    fake.think(fake.clock.wall(), "try", "1 of 2  fall back to the default zone", incident)
    fake.propose(
        Patch(
            id=third,
            incident=incident,
            target="worker",
            title="unknown zones: use the default rate",
            rationale="Zone 7 was added to the shop but not to RATES.",
            rule="missing-key",
            author="medic",
            base_commit="a" * 40,
            files=(fake.change("shop/shipping.py", SHIPPING, SHIPPING.replace("RATES[zone]", "RATES.get(zone, DEFAULT)")),),
            proposed_at=fake.clock.wall(),
            latency_ms=790.0,
        )
    )
    fake.stage(third, "inspected", ms=2.8)
    fake.stage(third, "rehearsed", "running")
    for _ in range(1000):
        await asyncio.sleep(1.0)
        now = fake.clock.wall()
        for incident_id, found in list(fake.state.incidents.items()):
            if found.state == "open" and incident_id != "I-5":
                fake.happen(incident_id, now, 1 + int(now) % 3)
        for name, deployment in list(fake.state.deployments.items()):
            if deployment.state == "live" and deployment.passes < 40 and deployment.action == "approve":
                fake.tell(e.DeploymentPassed(deployment=name, passes=deployment.passes + 3, failures=0))
                if deployment.passes >= 18 and fake.state.incidents[deployment.incident].state == "probation":
                    fake.tell(e.IncidentMoved(incident=deployment.incident, state="resolved", note="20 passes without a recurrence"))


class LiveFake(Fake):
    """The same, going on by itself once somebody looks."""

    async def stream(self, after: int, on_state: Callable[[Literal["connected", "lost"]], None] | None = None) -> AsyncIterator[e.Event]:
        task = asyncio.create_task(go_on(self))
        try:
            async for event in super().stream(after, on_state):
                yield event
        finally:
            task.cancel()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--empty", action="store_true", help="a workspace in which nothing happened yet")
    parser.add_argument("--still", action="store_true", help="nothing goes on by itself")
    parser.add_argument("--night", action="store_true", help="incidents of every kind")
    parser.add_argument("--hostile", action="store_true", help="escape sequences in every field")
    arguments = parser.parse_args()
    from nexoide.tui.run import run
    from nexoide.workspace import Workspace

    def make() -> Fake:
        fake = Fake() if arguments.still or arguments.empty or arguments.hostile or arguments.night else LiveFake()
        if arguments.hostile:
            from tests.tui_hostile import hostile_story

            hostile_story(fake)
        elif arguments.night:
            from tests.tui_incidents import bad_night

            bad_night(fake)
        elif arguments.empty:
            fake.tell(e.SupervisorStarted(pid=900, version="0.1.0", workspace=ROOT, project="shop", branch="main", policy="review", has_git=True))
        else:
            story(fake)
        return fake

    return run(Workspace(Path(ROOT)), "kim", make)


if __name__ == "__main__":
    time.tzset()
    sys.exit(main())
