"""Whether the patched files are programs to the interpreter that will run them."""

from __future__ import annotations

import ast

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site

_TIMEOUT = 15.0


async def compiled(trial: Trial, site: Site | None) -> Evidence:
    """Compile every patched file with the target's own interpreter, in the sandbox; with its grammar alone where that cannot be had."""
    clock = Clock()
    new = {path: after for path, (_, after) in trial.proposal.files.items()}
    why = "the target's interpreter cannot be run"
    if site is not None:
        try:
            bench = await site.program()
            found = await bench.run("compile", files=new, timeout=_TIMEOUT, paths=sorted(new))
        except NexoideError as error:
            why = error.sentence.rstrip(".")
        else:
            rows = {str(item.get("path")): str(item.get("problem")) for item in found.rows}
            if rows.keys() == new.keys():
                version = ".".join(map(str, site.python.version))
                wrong = [f"{path}: {problem}" for path, problem in rows.items() if problem]
                if wrong:
                    return row("compile", "failed", f"Python {version} refuses it: {wrong[0]}", clock=clock, detail=wrong, held=bench.confinement)
                return row("compile", "passed", f"it compiles with Python {version}", clock=clock, held=bench.confinement)
            why = found.problem or "the sandbox did not compile every file"
    return _by_grammar(trial, new, why, clock)


def _by_grammar(trial: Trial, new: dict[str, bytes], why: str, clock: Clock) -> Evidence:
    version = trial.surroundings.version
    for path, data in new.items():
        try:
            ast.parse(data, filename=path, feature_version=version if version >= (3, 9) else None)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return row("compile", "failed", f"{path}: {error}", clock=clock, detail=[f"checked by grammar alone: {why}"])
    return row("compile", "inconclusive", "its grammar is right; it was not compiled by the interpreter that runs it", clock=clock, detail=[why])
