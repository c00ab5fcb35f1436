"""What models used and cost, and the budgets that hold them: asked before a question, written after it.

litellm's own limit does not hold (its running total stays 0), so this is the only one.
"""

from __future__ import annotations

import collections
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from nexoide.clock import Clock, SystemClock
from nexoide.llm.errors import ModelError

HOUR, DAY = 3600.0, 86400.0
MAX_ROWS = 10_000
MAX_BYTES = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One question: when (wall seconds), to which model, tokens both ways, dollars (None: the price is not known)."""

    at: float
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits over the last hour and the last 24 hours; questions whose price is not known count in tokens alone."""

    tokens_per_hour: int
    usd_per_day: float


class Ledger:
    """The questions of the last day, in memory, and in a file of JSON lines where `path` is given, which is read when it is first needed."""

    def __init__(self, path: Path | None = None, *, clock: Clock | None = None) -> None:
        self._path, self._clock = path, clock or SystemClock()
        self._rows: collections.deque[Spent] = collections.deque(maxlen=MAX_ROWS)
        self._reserved = 0
        self._written = 0
        self._loaded = path is None

    def tokens(self, seconds: float = HOUR) -> int:
        """Return the tokens used within so many seconds, both ways."""
        return sum(row.input_tokens + row.output_tokens for row in self._since(seconds))

    def usd(self, seconds: float = DAY) -> float:
        """Return the dollars spent within so many seconds, as far as prices are known."""
        return sum(row.cost_usd or 0.0 for row in self._since(seconds))

    def reserve(self, tokens: int, budget: Budget) -> float:
        """Set tokens aside for one question and return the dollars left for it; raises ModelError ("budget") where there are not enough."""
        used = self.tokens()
        if used + self._reserved + tokens > budget.tokens_per_hour:
            raise ModelError(
                "budget",
                f"The budget of {budget.tokens_per_hour:,} tokens an hour does not suffice: {used:,} are used and this question may take {tokens:,}. "
                "Wait, or raise model.budget_tokens_per_hour.",
            )
        left = budget.usd_per_day - self.usd()
        if left <= 0 < budget.usd_per_day:
            raise ModelError("budget", f"The budget of ${budget.usd_per_day:.2f} a day is spent: wait, or raise model.budget_usd_per_day.")
        self._reserved += tokens
        return max(0.0, left)

    def settle(self, reserved: int, model: str, input_tokens: int, output_tokens: int, cost_usd: float | None) -> None:
        """Give back what was set aside and write down what was used; nothing is written where nothing was."""
        self._reserved = max(0, self._reserved - reserved)
        if input_tokens or output_tokens or cost_usd:
            self._since(HOUR)  # what the file holds comes before what is new
            row = Spent(at=self._clock.wall(), model=model[:120], input_tokens=input_tokens, output_tokens=output_tokens, cost_usd=cost_usd)
            self._rows.append(row)
            self._append(row)

    def _since(self, seconds: float) -> list[Spent]:
        """Return the questions of a window; those that a clock set back has put into the future count as of now."""
        if not self._loaded:
            self._load()
        now = self._clock.wall()
        return [row for row in self._rows if now - row.at < seconds]

    def _load(self) -> None:
        path = self._path
        assert path is not None
        try:
            with path.open("rb") as stream:
                stream.seek(max(0, path.stat().st_size - MAX_BYTES))
                lines = stream.read(MAX_BYTES).split(b"\n")
        except FileNotFoundError:
            lines = []
        except OSError as error:
            raise ModelError("failed", f"The ledger {path} cannot be read ({error.strerror}): mend its permissions, or remove it.") from error
        rows = [row for line in lines if line.strip() and (row := _row(line)) is not None]
        self._rows.extend(rows[-MAX_ROWS:])
        self._written, self._loaded = len(lines), True

    def _append(self, row: Spent) -> None:
        """Write one row; once the file holds twice what is kept, it is written anew with the last day alone."""
        if self._path is None:
            return
        kept = [row]
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        path = self._path
        rewrite = self._written >= 2 * MAX_ROWS
        if rewrite:
            kept, path = self._since(DAY), self._path.with_name(self._path.name + ".new")
            flags |= os.O_TRUNC
        try:
            with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
                stream.write(b"".join(json.dumps(asdict(item), separators=(",", ":")).encode() + b"\n" for item in kept))
            if rewrite:
                path.replace(self._path)
        except OSError as error:
            sentence = f"The ledger {self._path} cannot be written ({error.strerror}): budgets would not hold, so free the disk or mend its permissions."
            raise ModelError("failed", sentence) from error
        self._written = len(kept) if rewrite else self._written + 1


def _row(line: bytes) -> Spent | None:
    """Return a row of the file, or None for a torn or foreign line."""
    try:
        raw = json.loads(line)
        cost = raw["cost_usd"]
        return Spent(
            at=float(raw["at"]),
            model=str(raw["model"]),
            input_tokens=int(raw["input_tokens"]),
            output_tokens=int(raw["output_tokens"]),
            cost_usd=None if cost is None else float(cost),
        )
    except (ValueError, TypeError, KeyError):
        return None
