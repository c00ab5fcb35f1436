"""What is known of where the program runs: its interpreter, its packages, the names of its variables; never a value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Facts that decide between repairs; each is empty (or None) where nobody asked.

    `python` as `3.11.7`; `packages` maps a distribution's normalised name to its version; `modules` are the top-level import
    names that these packages bring; `variables` the names of the environment's variables (None: not known);
    `command` what was run; `policy` names what the operator allows (`raise_limits`, `add_retries`).
    """

    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    variables: tuple[str, ...] | None = None
    command: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()

    @property
    def version(self) -> tuple[int, int]:
        """The interpreter's version, (0, 0) where it is not known."""
        parts = self.python.split(".")
        return (int(parts[0]), int(parts[1])) if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() else (0, 0)

    def has(self, distribution: str) -> bool:
        """Say whether a distribution is surely installed."""
        return distribution.lower().replace("_", "-") in self.packages
