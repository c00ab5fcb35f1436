"""What people see, as text: the screens at three sizes and in their states, against what was looked at and found good.

Run with NEXOIDE_UPDATE_SNAPSHOTS=1 to store what is drawn now; then look at it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexoide.model import event as e
from nexoide.model.reload import DefinitionChange, ProcessReload, Reload, SavedFile
from nexoide.model.target import TargetStatus
from nexoide.tui.app import NexoideApp
from nexoide.tui.text import cell_width
from tests.tui_fake import ROOT, Fake, story
from tests.tui_incidents import bad_night

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(80, 24), (120, 36), (200, 50)]


class StillClock:
    """Time stands still, so that ages and rates are the same in every run."""

    def wall(self) -> float:
        return 1_790_000_003.0

    def monotonic(self) -> float:
        return 50.0


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def quiet(fake: Fake) -> None:
    fake.tell(e.SupervisorStarted(pid=9, version="0.1.0", workspace=ROOT, project="shop", branch="main", policy="review", has_git=True))


def sick(fake: Fake) -> None:
    """Targets in every kind of trouble: those are the ones that are seen where not all fit."""
    quiet(fake)
    for name, what in (
        ("web", {"state": "attached", "pid": 31}),
        ("api", {"state": "running", "pid": 32, "health": "unwell", "health_note": "GET /health answered 503", "restarts": 2}),
        ("db", {"state": "starting", "note": "it waits for disk"}),
        ("jobs", {"state": "given_up", "restarts": 5, "note": "crashes in a loop"}),
    ):
        fake.tell(e.TargetChanged(target=TargetStatus(name=name, command=("python", "-m", name), **what)))  # type: ignore[arg-type]


def ended(fake: Fake) -> None:
    story(fake)
    fake.tell(e.SupervisorStopped(reason="kim asked for it"))


def saved(fake: Fake) -> None:
    story(fake)
    files = tuple(SavedFile(path=path, before_sha256="a1" * 32, after_sha256="b2" * 32) for path in ("shop/billing.py", "shop/cart.py"))
    changes = (
        DefinitionChange(module="shop.billing", name="Billing.total", kind="method", action="replaced", line=24),
        DefinitionChange(module="shop.billing", name="RATE", kind="constant", action="replaced", line=11),
        DefinitionChange(module="shop.cart", name="Cart", kind="class", action="refused", reason="a slot was added: restart the program for it.", line=6),
    )
    summary = "shop/billing.py: 1 class method, 1 constant · 3 ms"
    first = Reload(id="L-1", target="shop", files=files, began_at=1_790_000_000.0)
    fake.tell(e.ReloadStarted(reload=first), at=1_790_000_000.0)
    process = ProcessReload(pid=4711, ok=True, state="committed", definitions=changes, blockers=("Thread poll finishes Billing.total on old code.",))
    fake.tell(e.ReloadFinished(reload="L-1", state="live", summary=summary, processes=(process,), milliseconds=3.2), at=1_790_000_000.1)
    second = Reload(id="L-2", target="shop", files=files[:1], began_at=1_790_000_001.0)
    fake.tell(e.ReloadStarted(reload=second), at=1_790_000_001.0)
    words = "shop/billing.py:12 does not compile (expected ':'): the running code stays."
    fake.tell(e.ReloadFinished(reload="L-2", state="refused", summary=words, milliseconds=1.0), at=1_790_000_001.1)


CASES: list[tuple[str, Callable[[Fake], None], list[str], list[tuple[int, int]]]] = [
    ("home", story, [], SIZES),
    ("page", story, ["p"], [(80, 24)]),
    ("patch", story, ["enter"], SIZES),
    ("explain", story, ["enter", "tab", "e"], SIZES[:2]),
    ("saved", saved, ["tab", "tab"], SIZES[:2]),
    ("save", saved, ["tab", "tab", "j", "enter"], SIZES[:2]),
    ("files", story, ["j", "enter"], [(200, 50)]),
    ("incident", bad_night, ["tab", "j", "j", "j", "enter"], SIZES),
    ("incident-end", bad_night, ["tab", "j", "j", "j", "enter", "G"], SIZES[:1]),
    ("unfolded", bad_night, ["tab", "j", "j", "j", "enter", "f", "v"], [(120, 36)]),
    ("came-back", bad_night, ["tab", "enter"], SIZES[1:]),
    ("group", bad_night, ["tab", *"jjjjjj", "enter"], SIZES[1:2]),
    ("language", bad_night, ["tab", *"jjjjjjj", "enter"], SIZES[:1]),
    ("record", bad_night, ["tab", *"jjjjjjjj", "enter"], SIZES[:1]),
    ("night", bad_night, ["tab"], SIZES),
    ("hidden", bad_night, ["tab", "h", "G"], SIZES[1:2]),
    ("merge", bad_night, ["tab", "j", "j", "j", "m"], SIZES[:2]),
    ("split", bad_night, ["tab", *"jjjjjjjjj", "s"], SIZES[:1]),
    ("resolve", bad_night, ["tab", "R"], SIZES[:1]),
    ("sick", sick, [], SIZES[:1]),
    ("log", story, ["l"], [(80, 24)]),
    ("help", story, ["question_mark"], [(120, 36)]),
    ("empty", quiet, [], [(120, 36)]),
    ("ended", ended, [], [(120, 36)]),
    ("tiny", story, [], [(40, 12)]),
]


def seen(app: NexoideApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.mark.parametrize(("name", "tell", "keys", "size"), [(name, tell, keys, size) for name, tell, keys, sizes in CASES for size in sizes])
async def test_the_screen_looks_as_it_did(name: str, tell: Callable[[Fake], None], keys: list[str], size: tuple[int, int]) -> None:
    fake = Fake(StillClock())
    tell(fake)
    app = NexoideApp("kim", lambda: fake, clock=StillClock())
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.15)
        await pilot.press(*keys)
        await pilot.pause(0.15)
        for worker in [worker for worker in app.workers if worker.group in {"pin", "log", "explain", "similar"}]:
            await worker.wait()
        await pilot.pause(0.05)
        text = seen(app)
    assert len(text.splitlines()) == size[1]
    assert all(cell_width(line) <= size[0] for line in text.splitlines())
    path = GOLDEN / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("NEXOIDE_UPDATE_SNAPSHOTS") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


async def test_an_enlarged_terminal_recovers() -> None:
    fake = Fake(StillClock())
    story(fake)
    app = NexoideApp("kim", lambda: fake, clock=StillClock())
    app.animation_level = "none"
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause(0.1)
        assert "enlarge it to 60×16" in " ".join(seen(app).split())
        for size in ((1, 1), (3, 2), (20, 50), (200, 5), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.03)
        await pilot.pause(0.15)
        assert seen(app) == (GOLDEN / "home-120x36.txt").read_text(encoding="utf-8")
