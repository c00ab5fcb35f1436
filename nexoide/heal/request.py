"""What is to be healed: a folder, the command that fails there, and how far to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nexoide.config import ModelSettings

MAX_PATCHES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HealRequest:
    """One wish to heal: `command` as it would be typed in `root`.

    `env` is added to the operator's own environment, `timeout` is in seconds of each run, `max_patches` how many proposals are tried,
    `tests` the command of the project's own tests (empty: found out), which run unless `run_tests` is off; `add_test`: the
    test that shows the failure is a part of the patch; `jobs` how many
    runs go on at once; `file` the file that is to be repaired, relative to `root`, where the output does not show it;
    `model` is asked where no rule is sure enough (None: none is).
    """

    root: Path
    command: str
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60.0
    max_patches: int = 5
    tests: str = ""
    run_tests: bool = True
    add_test: bool = True
    jobs: int = 2
    file: str = ""
    model: ModelSettings | None = None
