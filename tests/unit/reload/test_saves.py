"""From a burst of saves to one transaction and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nexoide.model.reload import Reload, When
from nexoide.reload import saves
from nexoide.reload.coordinator import ReloadCoordinator
from tests.unit.reload.test_coordinator import Processes

ROOT = Path("/w")


@dataclass
class Burst:
    changed: Mapping[Path, tuple[bytes | None, bytes | None]]
    closed_at: float = 0.0


@dataclass
class Watcher:
    said: list[Path] = field(default_factory=list)

    def refused(self, paths: Sequence[Path]) -> None:
        self.said += paths


async def take(changed: Mapping[str, tuple[bytes | None, bytes | None]], processes: Processes, when: When = "auto") -> tuple[saves.Taken, list[Path]]:
    burst = Burst({ROOT / name: pair for name, pair in changed.items()})
    reload = Reload(id="L-1", target="t", files=saves.saved_files(burst, ROOT))
    taken = await saves.take(burst, reload, ROOT, ReloadCoordinator(processes), when)
    watcher = Watcher()
    saves.settle(burst, taken, watcher)
    return taken, watcher.said


async def test_what_goes_live_is_settled() -> None:
    taken, refused = await take({"a.py": (b"x = 1\n", b"x = 2\n")}, Processes([1]))
    assert (taken.reload.state, refused, taken.needs_restart) == ("live", [], False)
    assert taken.reload.files[0].path == "a.py"


async def test_what_is_refused_keeps_its_old_text_and_would_go_live_by_a_restart() -> None:
    taken, refused = await take({"a.py": (b"x = 1\n", b"x = 2\n")}, Processes([1], {(1, "reload"): "its slots changed."}))
    assert (taken.reload.state, refused, taken.needs_restart) == ("refused", [ROOT / "a.py"], True)


async def test_what_does_not_compile_would_not_go_live_by_a_restart() -> None:
    taken, _ = await take({"a.py": (b"", b"def f(:\n")}, Processes([1], {(1, "reload"): "it does not compile."}))
    assert not taken.needs_restart


@pytest.mark.parametrize(("content", "words"), [(b"a\nb\n# \xe9\n", "a.py:3 is not UTF-8"), (b"#" * (saves.MAX_FILE_BYTES + 1), "at most 4")])
async def test_what_is_no_text_is_refused_without_asking_anybody(content: bytes, words: str) -> None:
    processes = Processes([1])
    taken, refused = await take({"a.py": (b"", content), "b.py": (b"", b"y = 1\n")}, processes)
    assert words in taken.reload.summary
    assert processes.sent == []
    assert refused == [ROOT / "a.py", ROOT / "b.py"], "one file of a burst keeps all as they were"
    assert not taken.needs_restart


async def test_a_base_that_is_no_text_is_not_known() -> None:
    files, refusals = saves.texts(Burst({ROOT / "a.py": (b"\xff", b"x = 1\n"), ROOT / "b.py": (b"x", None)}), ROOT)
    assert [(file.base, file.new) for file in files] == [(None, "x = 1\n"), ("x", None)]
    assert refusals == []


async def test_what_is_staged_for_the_next_start_asks_nobody() -> None:
    processes = Processes([1])
    taken, refused = await take({"a.py": (b"x = 1\n", b"x = 2\n")}, processes, "next_start")
    assert (taken.reload.state, refused, processes.sent) == ("staged", [], [])
    assert "when it is started again" in taken.reload.summary
