from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Series:
    samples: list[tuple[int, float]] = field(default_factory=list)

    def add(self, at: int, value: float) -> None:
        self.samples.append((at, value))

    def latest(self) -> float | None:
        """The newest value, or None while nothing was sampled."""
        return self.samples[-1][1] if self.samples else None


@dataclass
class Host:
    name: str
    load: Series = field(default_factory=Series)
