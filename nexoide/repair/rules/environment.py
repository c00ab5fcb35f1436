"""Failures of what the program stands on: network, disk, rights, memory, ports, libraries. Never a patch; what to look at, and how."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.proposal import Advice
from nexoide.repair.rules.base import Example

DATA = Path(__file__).parents[1] / "data" / "environment.toml"


@dataclass(frozen=True, slots=True)
class _Case:
    """One kind: which types and messages it has, what is wrong, what to do, and the command that shows it."""

    types: frozenset[str]
    message: re.Pattern[str]
    title: str
    text: str
    command: str
    final: bool = True


class Environment:
    """Says what to look at where the fault is not in the program."""

    name = "environment"
    summary = "Says what failed around the program (network, disk, rights, memory, ports, libraries), and the command that shows it."
    errors = ("*",)
    examples: tuple[Example, ...] = (
        Example(
            name="nothing-listens",
            files={"main.py": "import socket\n\n\ndef connect(port):\n    return socket.create_connection(('127.0.0.1', port), timeout=2)\n\n\nconnect(9)\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the error is one of what the program stands on."""
        return _case(raised) is not None

    def propose(self, context: Context) -> Iterable[Advice]:
        """Yield what is wrong, what to do, and the command that shows it."""
        case = _case(context.raised)
        if case is None:
            return
        path = re.search(r"'(/[^']+|[^'/]+/[^']*)'", context.raised.message)
        command = case.command.replace("PATH", path[1] if path is not None else "PATH")
        command = command.replace("PID", str(context.failure.pid or "PID"))
        yield context.advise(
            rule=self.name,
            title=case.title,
            text=f"{case.text} To see it: {command}",
            looked=(f"It was raised at {context.place}: {context.raised.message[:120]}",),
            final=case.final,
        )


@functools.cache
def _cases() -> tuple[_Case, ...]:
    with DATA.open("rb") as stream:
        raw = tomllib.load(stream)
    groups = {name: frozenset(text.split()) for name, text in raw["groups"].items()}
    return tuple(
        _Case(
            frozenset(one for word in item["types"].split() for one in groups.get(word, {word})),
            re.compile(item["message"], re.IGNORECASE),
            item["title"],
            item["text"],
            item["command"],
            item.get("final", True),
        )
        for item in raw["case"]
    )


def _case(raised: Raised) -> _Case | None:
    return next((item for item in _cases() if raised.type in item.types and item.message.search(raised.message)), None)
