"""Programs that attach themselves: who is let in under which name, and what is kept of them."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nexoide.model.target import TargetStatus
from nexoide.supervisor.guests import MAX_GUESTS, Guests
from nexoide.supervisor.probe_wire import BadFrameError
from nexoide.workspace import Workspace


@pytest.fixture
def made(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Guests, list[TargetStatus]]]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))

    def make(known: dict[str, TargetStatus] | None = None) -> tuple[Guests, list[TargetStatus]]:
        workspace = Workspace(tmp_path)
        workspace.make_folders()
        told: list[TargetStatus] = []
        guests = Guests(workspace, {"shop": object()}, told.append)
        guests.open(known or {})
        return guests, told

    return make


def hello(guests: Guests, name: str = "till", pid: int = 7, token: str = "") -> dict[str, Any]:
    return {"token": token or guests.path.read_text().strip(), "target": name, "pid": pid, "start_time": 1.0, "argv": ["till.py"], "python": "3.12.1"}


def test_the_token_is_private_and_stays_for_the_next_supervisor(made: Callable[..., tuple[Guests, list[TargetStatus]]]) -> None:
    guests, _ = made()
    assert stat.S_IMODE(guests.path.stat().st_mode) == 0o600
    token = guests.path.read_text()
    guests.path.chmod(0o644)
    again, _ = made()
    assert again.path.read_text() == token
    assert stat.S_IMODE(again.path.stat().st_mode) == 0o600
    guests.path.write_text("rubbish")
    made()
    assert len(guests.path.read_text().strip()) == 64


def test_another_token_is_nobodys(made: Callable[..., tuple[Guests, list[TargetStatus]]]) -> None:
    guests, _ = made()
    assert guests.introduce(hello(guests, token="0" * 64)) is None
    assert guests.introduce(hello(guests)) == "till"


@pytest.mark.parametrize(("name", "words"), [("shop", "is a target that is started here"), ("../x", "name"), ("", "name"), ("a" * 65, "name")])
def test_names_that_are_taken_or_none(made: Callable[..., tuple[Guests, list[TargetStatus]]], name: str, words: str) -> None:
    guests, _ = made()
    with pytest.raises(BadFrameError, match=words):
        guests.introduce(hello(guests, name))


def test_their_number_is_bounded(made: Callable[..., tuple[Guests, list[TargetStatus]]]) -> None:
    guests, _ = made()
    for number in range(MAX_GUESTS):
        guests.attached(f"g{number}", hello(guests, f"g{number}", number + 1))
    assert guests.introduce(hello(guests, "g0")) == "g0"
    with pytest.raises(BadFrameError, match="already"):
        guests.introduce(hello(guests, "another"))


def test_the_program_is_gone_with_its_last_process(made: Callable[..., tuple[Guests, list[TargetStatus]]]) -> None:
    guests, told = made()
    guests.attached("till", hello(guests, pid=7))
    guests.attached("till", hello(guests, pid=8))
    guests.detached("till", hello(guests, pid=7))
    assert (told[-1].state, told[-1].pid, told[-1].owned) == ("attached", 8, False)
    guests.detached("till", hello(guests, pid=8))
    assert (told[-1].state, guests.known("till")) == ("exited", False)
    guests.detached("till", hello(guests, pid=8))
    assert len(told) == 4


def test_who_was_attached_to_an_earlier_supervisor_is_not_any_more(made: Callable[..., tuple[Guests, list[TargetStatus]]]) -> None:
    before = TargetStatus(name="till", command=("till.py",), state="attached", pid=7, owned=False)
    _, told = made({"till": before, "shop": TargetStatus(name="shop", command=("x",), state="attached")})
    assert [(status.name, status.state) for status in told] == [("till", "exited")]
