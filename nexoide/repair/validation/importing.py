"""Whether the changed modules can still be imported: tried in the sandbox, beside what importing them did before."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import UnreadableError
from nexoide.repair.validation.places import Place, importable, runs_when_imported
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.bench import JobResult

_TIMEOUT = 20.0


async def imported(trial: Trial, site: Site) -> Evidence:
    """Import each changed module as its program would; worse than before is a failure."""
    clock = Clock()
    changes = {path: new for path, (_, new) in trial.proposal.files.items()}
    places = await asyncio.to_thread(_places, site, sorted(changes))
    if not places:
        return row("import", "inconclusive", "nothing that was changed can be imported without running the program", clock=clock)
    try:
        before = await site.remembered(("import", tuple(places.items())), lambda: _imports(site, places, {}))
        after = await _imports(site, places, changes)
    except NexoideError as error:
        return row("import", "inconclusive", f"it could not be tried: {error.sentence}", clock=clock)
    held = (await site.program()).confinement
    worse = [f"{path}: {after[path] or 'no answer'}" for path in places if after.get(path) != "" and before.get(path) == ""]
    same = [f"{path}: {after[path]}" for path in places if after.get(path) and before.get(path) != ""]
    if worse:
        return row("import", "failed", f"it can no longer be imported: {worse[0]}", clock=clock, detail=worse, held=held)
    if same:
        return row("import", "inconclusive", f"it could not be imported before and cannot be now: {same[0]}", clock=clock, detail=same, held=held)
    mended = sum(1 for path in places if before.get(path) != "")
    summary = f"{len(places)} changed module{'s' if len(places) > 1 else ''} can be imported" + (f", {mended} of them only with the patch" if mended else "")
    return row("import", "passed", summary, clock=clock, held=held)


def _places(site: Site, paths: list[str]) -> dict[str, Place]:
    project = Project(site.root)
    found = {}
    for path in paths:
        try:
            place = importable(project, path)
            if place is not None and not is_test(path) and not runs_when_imported(project, path):
                found[path] = place
        except UnreadableError:
            continue
    return found


async def _imports(site: Site, places: Mapping[str, Place], changes: Mapping[str, bytes]) -> dict[str, str]:
    """Return what went wrong with each module, '' where nothing did; missing where the process ended without a word."""
    bench = await site.program()
    found: dict[str, str] = {}
    for path, place in places.items():
        result: JobResult = await bench.run("import", files=changes, timeout=_TIMEOUT, modules=[place.module], path=[bench.seen(place.folder)])
        if result.timed_out:
            found[path] = f"importing it did not end within {_TIMEOUT:g} s"
        for item in result.rows:
            if item.get("module") == place.module and isinstance(item.get("problem"), str):
                found[path] = str(item["problem"])
    return found
