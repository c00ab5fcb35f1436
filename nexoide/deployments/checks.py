"""Everything that must hold before an operator's decision takes effect."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path

from nexoide.errors import ConflictError, NexoideError, NotFoundError, UsageError
from nexoide.journal import storage
from nexoide.journal.journal import Journal
from nexoide.model.commands import DecideCommand
from nexoide.model.patch import Patch, patch_digest
from nexoide.model.projection import State
from nexoide.model.reload import When
from nexoide.vcs.repository import Repository

_MAX_NAME, _MAX_REASON = 80, 4000
_WHEN: dict[str, When] = {"auto": "auto", "now": "now", "quiescent": "quiescent", "next_start": "next_start"}
_WORDS = {
    "proposed": "is still being validated: wait until it is in the inbox",
    "invalid": "did not pass its validation, so it cannot be approved",
    "stale": "is stale, because what it was made against has changed; a new proposal follows while the failure lasts",
    "rejected": "was already rejected",
    "approved": "was already approved and is being deployed",
    "live": "was already approved and is live",
    "not_live": "was already approved; it is committed, not live",
    "failed": "was approved before, and its deployment was undone",
    "reverted": "was already approved, and reverted since",
    "waiting": "is not deployed: it still waits for a decision",
}


def known(state: State, patch_id: str) -> Patch:
    """Return the patch; raises NotFoundError where there is none of that name."""
    patch = state.patches.get(patch_id)
    if patch is None:
        raise NotFoundError(f"There is no patch {patch_id}: 'nexoide patches list' shows all.")
    return patch


def require_state(patch: Patch, *allowed: str) -> None:
    """Raise ConflictError, saying who decided what, where the patch is in none of the allowed states."""
    if patch.state not in allowed:
        by = f" by {patch.decided_by}" if patch.decided_by and patch.state in {"rejected", "approved", "live", "not_live", "reverted", "failed"} else ""
        raise ConflictError(f"{patch.id} {_WORDS[patch.state]}{' (decided' + by + ')' if by else ''}: nothing was done.")


def require_digest(workspace: str, patch: Patch, command: DecideCommand) -> None:
    """Raise ConflictError where the command names other bytes than the patch's own."""
    if not hmac.compare_digest(command.digest.encode("utf-8", "replace"), patch.digest.encode()) or patch_digest(workspace, patch) != patch.digest:
        raise ConflictError(f"What was looked at is not what {patch.id} is now (the hashes differ): open it again and decide on what it shows.")


def require_operator(command: DecideCommand) -> None:
    """Raise UsageError where a decision names nobody, or holds what cannot be kept as text."""
    if not command.operator.strip() or len(command.operator) > _MAX_NAME or not command.operator.isprintable():
        raise UsageError(f"A decision needs an operator's name of 1 to {_MAX_NAME} printable characters: set NEXOIDE_OPERATOR.")
    when_of(command)
    if len(command.reason) > _MAX_REASON or any("\ud800" <= letter <= "\udfff" for letter in command.reason):
        raise UsageError(f"A reason is text of at most {_MAX_REASON} characters: shorten it.")


def when_of(command: DecideCommand) -> When | None:
    """Return when the change goes live as the command says, None where it leaves that to the settings; raises UsageError for another word."""
    if not command.when:
        return None
    if command.when not in _WHEN:
        raise UsageError(f"A change goes live {', '.join(_WHEN)}, not {command.when[:40]!r}.")
    return _WHEN[command.when]


def contents(patch: Patch, journal: Journal) -> dict[str, bytes]:
    """Return the approved bytes of every file, verified against their hashes."""
    found = {}
    for change in patch.files:
        data = journal.blob(change.new_sha256)
        if hashlib.sha256(data).hexdigest() != change.new_sha256:
            raise ConflictError(f"The stored bytes of {change.path} are not those that were validated: nothing was done.")
        found[change.path] = data
    return found


def require_base(patch: Patch, root: Path) -> None:
    """Raise ConflictError where a file on disk is not byte for byte what the patch was made against."""
    for change in patch.files:
        if not change.base_sha256:
            _require_absent(patch, root / change.path)
            continue
        try:
            disk = storage.read_bytes(root / change.path)
        except (OSError, NexoideError) as error:
            raise ConflictError(f"{change.path} cannot be read ({error}), so {patch.id} cannot be applied: restore the file.") from error
        if hashlib.sha256(disk).hexdigest() != change.base_sha256:
            raise ConflictError(f"{change.path} changed since {patch.id} was proposed, so it was not applied: it will be proposed anew.")


def _require_absent(patch: Patch, path: Path) -> None:
    if path.is_symlink() or path.exists():
        raise ConflictError(f"{path.name}, which {patch.id} brings, is there already, so it was not applied: it will be proposed anew.")


def require_parent(patch: Patch, repository: Repository, is_ours: Callable[[str], bool]) -> str:
    """Return the commit to build on; raises ConflictError where somebody else moved the branch since the proposal.

    Commits of our own deployments in between leave an approval valid where they changed other files: each was decided
    on its own. Waiting patches of the same files are void as soon as one of them is deployed.
    """
    state = repository.state()
    if state.ref != patch.branch:
        made, now = (name.removeprefix("refs/heads/") or "a detached HEAD" for name in (patch.branch, state.ref))
        raise ConflictError(f"{patch.id} was made on {made} and the branch is {now} now: it is made anew for this branch, then decide.")
    head = state.head
    if head != patch.base_commit and not is_ours(head):
        raise ConflictError(f"The branch moved to {head[:10]} since {patch.id} was proposed: it is validated again on top of it, then decide.")
    return head
