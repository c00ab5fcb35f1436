"""What is to be validated, and what came out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nexoide.model.failure import Failure
from nexoide.model.patch import Evidence
from nexoide.repair.proposal import Proposal
from nexoide.repair.surroundings import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One patch and what is known of the failure that it is meant for.

    `root` is the project as it is now (never written to); `command` what failed, run in the project's folder, empty where only a
    live process showed the failure; `python` the interpreter that the program runs with; `tests` the project's test
    command, empty where it has none or it is to be found out. `timeout` is in seconds, of each run. `runs_tests`: the
    project's own tests are run; `adds_test`: a test that shows the failure becomes a part of the patch.
    """

    root: Path
    proposal: Proposal
    failure: Failure
    python: str
    command: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    surroundings: Surroundings = field(default_factory=Surroundings)
    timeout: float = 60.0
    runs_tests: bool = True
    adds_test: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that a patch adds: the generated regression test. `path` is POSIX, relative to the root."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a run of the failing command showed: its end, what it printed, and the failures that were captured in it, in order."""

    exit_code: int | None
    seconds: float
    output: str
    failures: tuple[Failure, ...] = ()
    timed_out: bool = False
    confined: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """The evidence for one patch, in the order in which it was gathered.

    `behaviour` is a digest of everything that was observed of the patched program: two patches with the same one could not be
    told apart. `after` is what the failing command did with the patch. `refused`: a check that no patch may fail did.
    """

    evidence: tuple[Evidence, ...]
    behaviour: str = ""
    regression_test: NewFile | None = None
    after: Observation | None = None
    refused: bool = False
