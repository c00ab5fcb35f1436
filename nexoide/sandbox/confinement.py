"""How well this machine can confine a run: found out by attack, once a process, and said in words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nexoide.errors import UnavailableError
from nexoide.sandbox import cgroup, scratch
from nexoide.sandbox.bwrap import Bubblewrap
from nexoide.sandbox.kernel import Kernel, layers_that_held
from nexoide.sandbox.launch import Launcher
from nexoide.sandbox.selftest import Findings, attack

Tier = Literal["bubblewrap+seccomp", "bubblewrap", "kernel", "limits-only"]

_WORDS = {  # attack → what is confined where it was refused
    "tcp": "network",
    "udp": "network",
    "unix": "Unix sockets",
    "write_outside": "writes outside the copy",
    "read_secret": "reads outside the copy and the interpreter",
    "kernel_settings": "kernel settings",
    "devices": "device files",
    "capabilities": "capabilities",
    "new_privileges": "new privileges",
    "system_calls": "system calls",
    "user_namespaces": "new user namespaces",
    "other_processes": "other processes",
    "terminal": "terminal",
    "memory": "memory of each process",
    "file_size": "file size",
    "cpu_time": "CPU time",
    "process_count": "number of processes",
    "survivors": "survivors",
}
# What a sandbox must hold to be called one; the rest is listed, and the policy decides.
ESSENTIAL = frozenset({"network", "writes outside the copy", "kernel settings", "capabilities", "new privileges", "survivors"})
_NAMES: dict[Tier, str] = {
    "bubblewrap+seccomp": "Confined by bubblewrap with a system-call filter",
    "bubblewrap": "Confined by bubblewrap, without a system-call filter",
    "kernel": "Confined by the kernel's own means (no bubblewrap)",
    "limits-only": "Not confined, only limited",
}
_ADVICE = "install the package 'bubblewrap', or allow user namespaces, for a real sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What held when it was attacked, and what did not; each a tuple of words, sorted as shown. `sentence` is for people."""

    tier: Tier
    confined: tuple[str, ...]
    not_confined: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Held:
    """A launcher with what it was seen to hold."""

    launcher: Launcher
    confinement: Confinement


_tested: dict[str, Held] = {}
_best: list[Held] = []


async def available() -> Confinement:
    """Return what the strongest sandbox of this machine holds, from a real attack on it, made once a process."""
    return (await chosen()).confinement


async def chosen(launcher: Launcher | None = None) -> Held:
    """Return the strongest launcher that works, or the given one, with what it holds.

    Raises UnavailableError where the given one, or every one, cannot run anything at all.
    """
    if launcher is not None:
        return await _held(launcher)
    if not _best:
        _best.append(await _strongest())
    return _best[0]


def forget() -> None:
    """Test again at the next run: something about the machine has changed."""
    _tested.clear()
    _best.clear()


async def _strongest() -> Held:
    cgroup.sweep()
    scratch.sweep()
    for launcher in (Bubblewrap(), Bubblewrap(filtered=False)):
        try:
            held = await _held(launcher)
        except UnavailableError:
            continue
        if held.confinement.tier != "limits-only":
            return held
    return await _held(Kernel())


async def _held(launcher: Launcher) -> Held:
    if launcher.name not in _tested:
        findings = await attack(launcher)
        if isinstance(launcher, Kernel):
            layers = layers_that_held(findings.status)
            launcher = launcher.requiring(tuple(name for name, reason in layers.items() if not reason))
        _tested[launcher.name] = Held(launcher, judge(launcher.name, findings))
    return _tested[launcher.name]


def judge(name: str, findings: Findings) -> Confinement:
    """Return the findings in words, and the tier they amount to."""
    words = dict.fromkeys(_WORDS.values(), True)
    for attack_name, word in _WORDS.items():
        if findings.managed.get(attack_name, "not tried"):
            words[word] = False
    words["memory of all processes together"] = findings.whole_memory
    words["disk space of the copy"] = False
    confined = tuple(word for word, holds in words.items() if holds)
    not_confined = tuple(word for word, holds in words.items() if not holds)
    tier = _tier(name) if set(confined) >= ESSENTIAL else "limits-only"
    sentence = f"{_NAMES[tier]}; not confined: {', '.join(not_confined)}."
    if tier == "limits-only":
        sentence = f"{_NAMES[tier]}: {_ADVICE}. Not confined: {', '.join(not_confined)}."
    return Confinement(tier=tier, confined=confined, not_confined=not_confined, sentence=sentence)


def _tier(name: str) -> Tier:
    for tier in _NAMES:
        if name == tier:
            return tier
    return "kernel"
