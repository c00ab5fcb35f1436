"""One live program with a module that is reloaded: what it answers before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.probe.peer import Bench, Program


class Live:
    """A module `orders` in a running program, with further modules and a line that makes live state."""

    def __init__(self, bench: Bench, python: str, text: str, state: str = "", others: dict[str, str] | None = None) -> None:
        self._bench, self.text = bench, text
        self.path: Path = bench.write("orders.py", text)
        for name, other in (others or {}).items():
            bench.write(name, other)
        self.program: Program = bench.serve(f"import orders\n{state}\n", python)
        assert self.ask("1 + 1") == 2  # everything is imported by now

    def ask(self, expression: str) -> Any:
        """Return what an expression is in the program."""
        return self.program.ask(expression)

    def reload(self, new: str, *, dry_run: bool = False) -> dict[str, Any]:
        """Bring the module to another text and return the reply, which must be a success."""
        reply = self._bench.peer.reload((self.path, self.text, new), dry_run=dry_run)
        assert reply["ok"], reply["error"]
        if not dry_run:
            self.text = new
        return reply

    def change(self, *replacements: tuple[str, str]) -> dict[str, Any]:
        """Replace parts of the text, all of which must be there, and reload."""
        return self.reload(self._with(*replacements))

    def refused(self, *replacements: tuple[str, str]) -> str:
        """Return the sentence with which a change of the text is refused, dry and in earnest alike."""
        new = self._with(*replacements)
        replies = [self._bench.peer.reload((self.path, self.text, new), dry_run=dry_run) for dry_run in (True, False)]
        assert not replies[1]["ok"], replies[1]
        assert replies[0]["ok"] or replies[0]["error"] == replies[1]["error"]
        return str(replies[1]["error"])

    def actions(self, reply: dict[str, Any]) -> dict[str, str]:
        """Return what a reply says was done to each definition."""
        return {item["name"]: item["action"] for item in reply["definitions"]}

    def _with(self, *replacements: tuple[str, str]) -> str:
        new = self.text
        for before, after in replacements:
            assert before in new, before
            new = new.replace(before, after)
        return new
