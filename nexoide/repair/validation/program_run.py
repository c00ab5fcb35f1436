"""The program run once more with the patch, in the warm sandbox: which edited lines it passes, and what it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.validation.program import program_of
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.running import hits
from nexoide.repair.validation.trial import Observation, Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.bench import JobResult

_TIMEOUT = 10.0
_SLOWEST = 3.0


async def run_again(trial: Trial, site: Site, after: Observation | None, watched: Mapping[str, Sequence[int]]) -> tuple[JobResult | None, set[tuple[str, int]]]:
    """Run the program; None where it is none that can be run here, takes long, or did not end well when it was observed."""
    program = program_of(trial.command, site.root)
    if program is None or after is None or after.problem or after.timed_out or after.seconds > _SLOWEST:
        return None, set()
    try:
        bench = await site.program()
        found = await bench.run(
            "run",
            files={path: new for path, (_, new) in trial.proposal.files.items()},
            timeout=_TIMEOUT,
            words=list(program.words),
            module=program.is_module,
            watched={bench.seen(path): list(lines) for path, lines in watched.items()},
        )
    except NexoideError:
        return None, set()
    if found.exit_code is None or found.timed_out:
        return None, set()
    return found, hits(found.rows, bench)


def reach(watched: Mapping[str, Sequence[int]], ways: Mapping[str, set[tuple[str, int]]]) -> Evidence:
    """Return the row on whether anything that ran passed the edited lines; `ways` maps what ran, in words, to the lines it passed."""
    clock = Clock()
    wanted = {(path, line) for path, lines in watched.items() for line in lines}
    used = {way: lines & wanted for way, lines in ways.items()}
    passed = [way for way, lines in used.items() if lines]
    if not ways:
        return row("reach", "inconclusive", "nothing was run that could be watched", clock=clock)
    if not passed:
        return row("reach", "failed", "nothing that was run passes the edited lines", clock=clock, detail=[f"watched: {way}" for way in ways])
    missed = sorted(wanted - set().union(*used.values()))
    detail = [f"{way} passes {len(used[way])} of {len(wanted)} lines" for way in passed]
    files = sorted({path for path, _ in missed} - {path for lines in used.values() for path, _ in lines})
    detail += [f"no edited line of {path} was passed" for path in files]
    return row("reach", "passed", f"the edited lines are passed by {_and(passed)}", clock=clock, detail=detail)


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
