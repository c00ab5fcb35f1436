"""What a reload would do to each definition of each live process, asked of them before anybody decides."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from nexoide.errors import NexoideError, NotFoundError, UsageError
from nexoide.journal import storage
from nexoide.journal.journal import Journal
from nexoide.model.commands import ExplainCommand
from nexoide.model.patch import Patch
from nexoide.model.projection import State
from nexoide.model.reload import Explanation
from nexoide.reload.coordinator import FileText, ReloadCoordinator
from nexoide.reload.outcome import summary

MAX_FILES = 200


class Explainer:
    """Answers `explain`; nothing is changed, and nothing of the new code is run, in any process."""

    def __init__(self, *, root: Path, state: State, journal: Journal, coordinator: ReloadCoordinator) -> None:
        self._root, self._state, self._journal, self._coordinator = root, state, journal, coordinator

    async def explain(self, command: ExplainCommand) -> tuple[Explanation, ...]:
        """Return one explanation a target. Raises UsageError, NotFoundError, and ConflictError where stored bytes are not what they were."""
        if bool(command.patch) == bool(command.files):
            raise UsageError("Name either a patch or files to explain, not both and not neither.")
        if command.patch:
            patch = self._state.patches.get(command.patch)
            if patch is None:
                raise NotFoundError(f"There is no patch {command.patch[:80]}: 'nexoide patches list' shows all.")
            files, subject, targets = await asyncio.to_thread(self._of_patch, patch), patch.id, self._targets(command.target or patch.target)
        else:
            files = await asyncio.to_thread(self._of_disk, command.files)
            subject, targets = ", ".join(command.files)[:400], self._targets(command.target)
        return tuple([await self._one(subject, target, files) for target in targets])

    async def _one(self, subject: str, target: str, files: Sequence[FileText]) -> Explanation:
        outcome = await self._coordinator.rehearse(target, files)
        line = summary(outcome, [file.path for file in files], self._root, would=True)
        return Explanation(subject=subject, target=target, state="already" if outcome.already else outcome.state, summary=line, processes=outcome.processes)

    def _targets(self, name: str) -> list[str]:
        if name and name not in self._state.targets:
            raise NotFoundError(f"There is no target {name[:80]}; there are: {', '.join(self._state.targets) or 'none'}.")
        every = [name] if name else list(self._state.targets)
        if not name and len(every) > 1:
            every = [target for target in every if self._coordinator.attached(target)] or every
        if not every:
            raise NotFoundError("No target is known here yet: name one in nexoide.toml and start it.")
        return every

    def _of_patch(self, patch: Patch) -> list[FileText]:
        found = []
        for change in patch.files:
            if not change.base_sha256:
                continue  # a new file is in no running program
            base, new = self._journal.blob(change.base_sha256).decode("utf-8"), self._journal.blob(change.new_sha256).decode("utf-8")
            found.append(FileText(path=(self._root / change.path).resolve(), base=base, new=new))
        return found

    def _of_disk(self, names: Sequence[str]) -> list[FileText]:
        if len(names) > MAX_FILES:
            raise UsageError(f"{len(names)} files are too many to explain at once: name at most {MAX_FILES}.")
        found = {}
        for name in names:
            path = (self._root / name).resolve()
            if not path.is_relative_to(self._root):
                raise UsageError(f"{name} is not in the workspace {self._root}: name a file of it.")
            try:
                found[path] = FileText(path=path, base=None, new=storage.read_bytes(path).decode("utf-8"))
            except UnicodeDecodeError:
                raise UsageError(f"{name} is not UTF-8, so it is never reloaded: save it as UTF-8.") from None
            except OSError as error:
                raise NexoideError(f"{name} cannot be read ({error.strerror}): name a file that can.") from error
        return list(found.values())
