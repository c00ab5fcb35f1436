"""Whether git says what the journal says: the commits of healed patches, with their trailers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nexoide.model.patch import Patch
from nexoide.vcs.runner import Runner
from nexoide.vcs.trailers import parse_trailers


def log(root: Path) -> dict[str, str]:
    """Return the message of every commit of the branch, by commit id, newest first."""
    found = Runner(root).run("log", "-z", "--format=%H%n%B", "HEAD").text
    return {entry.partition("\n")[0]: entry.partition("\n")[2] for entry in found.split("\0") if entry}


def missing_commits(root: Path, patches: Sequence[Patch]) -> list[str]:
    """Return a sentence for each patch whose commit is not in the branch or does not carry its trailers."""
    messages = log(root)
    problems: list[str] = []
    for patch in patches:
        if patch.commit not in messages:
            problems.append(f"git log has no commit {patch.commit or 'at all'} for {patch.id}.")
            continue
        trailers = dict(parse_trailers(messages[patch.commit]))
        wanted = {"Nexoide-Patch": patch.id, "Nexoide-Incident": patch.incident, "Nexoide-Confidence": f"{patch.confidence:.2f}", "Nexoide-Approved-By": ""}
        problems.extend(
            f"The commit {patch.commit[:10]} of {patch.id} has no trailer {key}{f' with {value}' if value else ''}."
            for key, value in wanted.items()
            if key not in trailers or (value and _first_word(trailers[key]) != value)
        )
    return problems


def _first_word(text: str) -> str:
    return text.partition(" ")[0]


def missing_revert(root: Path, patch: Patch) -> list[str]:
    """Return a sentence where the newest commit is not the revert of the patch."""
    newest = next(iter(log(root).values()), "")
    trailers = dict(parse_trailers(newest))
    if _first_word(trailers.get("Nexoide-Patch", "")) == patch.id and "Nexoide-Reverted-By" in trailers:
        return []
    return [f"The newest commit ({newest.partition(chr(10))[0]!r}) is not the revert of {patch.id}."]
