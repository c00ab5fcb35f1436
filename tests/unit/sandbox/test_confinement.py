from __future__ import annotations

import os
import time

import pytest

from nexoide.sandbox import confinement
from nexoide.sandbox.confinement import ESSENTIAL, Confinement, available, chosen
from nexoide.sandbox.kernel import Kernel
from nexoide.sandbox.launch import Prepared
from nexoide.sandbox.profile import Profile
from nexoide.sandbox.selftest import attack
from tests.unit.sandbox.helpers import both, launcher_of


class Bare:
    """No sandbox at all: what every attack must get through, or the self-test proves nothing."""

    name = "bare"

    def prepare(self, profile: Profile) -> Prepared:
        status, theirs = os.pipe()
        argv = ["/bin/sh", "-c", 'cd "$1"; shift; exec "$@"', "sh", str(profile.folder), *profile.command]
        return Prepared(argv, profile.env, status, (theirs, *profile.inherited), [theirs])

    def started(self, status: bytes) -> str:
        return ""


@pytest.fixture(autouse=True)
def _again() -> None:
    confinement.forget()


async def test_every_attack_gets_through_where_there_is_no_sandbox() -> None:
    findings = await attack(Bare())
    managed = findings.managed
    refused = {name for name, what in managed.items() if not what}
    # there may be no terminal to open, and an ordinary user holds no capability and owns no kernel setting or device
    assert refused <= {"terminal", "user_namespaces"} | (set() if os.geteuid() == 0 else {"capabilities", "kernel_settings", "devices"})
    found = confinement.judge("bare", findings)
    assert found.tier == "limits-only"
    assert "network" in found.not_confined


@both
async def test_the_sandbox_holds_what_it_says(kind: str) -> None:
    found = (await chosen(launcher_of(kind))).confinement
    assert set(found.confined) >= ESSENTIAL
    assert {"Unix sockets", "reads outside the copy and the interpreter", "system calls", "new user namespaces", "other processes"} <= set(found.confined)
    assert {"memory of each process", "file size", "CPU time", "terminal"} <= set(found.confined)
    assert "disk space of the copy" in found.not_confined
    assert found.tier in ("bubblewrap+seccomp", "kernel")


async def test_it_is_tested_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    first = await available()
    started = time.monotonic()
    assert await available() is first
    assert time.monotonic() - started < 0.01


def test_one_missing_essential_is_no_sandbox() -> None:
    from nexoide.sandbox.selftest import Findings

    names = confinement._WORDS
    held = Findings(dict.fromkeys(names, ""), whole_memory=True, status=b"")
    assert confinement.judge("bubblewrap+seccomp", held).tier == "bubblewrap+seccomp"
    for name, word in names.items():
        one = confinement.judge("bubblewrap+seccomp", Findings({**held.managed, name: "got out"}, whole_memory=True, status=b""))
        assert word in one.not_confined
        assert word in one.sentence
        assert (one.tier == "limits-only") == (word in ESSENTIAL)
    missing = Findings({name: "" for name in names if name != "tcp"}, whole_memory=True, status=b"")
    assert "network" in confinement.judge("kernel", missing).not_confined  # not tried is not held


async def test_without_anything_the_limits_stand_and_the_words_say_so() -> None:
    layers = ("user namespace", "network namespace", "process namespace", "ipc namespace", "host name namespace", "mount namespace")
    nothing = Kernel(withheld=(*layers, "landlock", "system-call filter", "no new privileges", "capabilities"))
    found: Confinement = (await chosen(nothing)).confinement
    assert found.tier == "limits-only"
    assert found.sentence.startswith("Not confined, only limited: install")
    assert {"memory of each process", "file size", "CPU time", "survivors"} <= set(found.confined)
    assert {"network", "writes outside the copy"} <= set(found.not_confined)


async def test_without_namespaces_the_filter_and_landlock_still_hold() -> None:
    layers = ("user namespace", "network namespace", "process namespace", "ipc namespace", "host name namespace", "mount namespace")
    found = (await chosen(Kernel(withheld=layers))).confinement
    assert {"network", "Unix sockets", "reads outside the copy and the interpreter", "capabilities", "survivors"} <= set(found.confined)
    assert "writes outside the copy" in found.not_confined  # Landlock does not govern rights (chmod)
