"""The reports of one transaction: what it did, what it would do, why it did nothing."""

from __future__ import annotations

import os
import sys
import time

from .. import sources
from .live import module_file
from .report import Definition, ReloadReport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Optional

    from .ledger import File
    from .plan import Shared
    from .text.source import Refused

MAX_NOTES = 64


class Said:
    """What can be said of a transaction, and how long it took so far."""

    def __init__(self, files: Sequence[File]) -> None:
        self._files = list(files)
        self._began = time.monotonic()
        self._spent = 0.0
        self._shared: Optional[Shared] = None

    def _told(self, state: str, generation: int = 0, blockers: Sequence[str] = ()) -> ReloadReport:
        shared = self._shared
        if shared is not None:
            read = {os.path.realpath(module_file(module)) for module in shared.new_files.loaded()}
            for path in shared.new_files.files:
                if path in read:
                    continue
                if sources.key_of(path) in sources.executed:
                    shared.note(f"{path} was imported, but its module is not among the imported ones any more: restart the program for it.")
                else:
                    shared.note(f"{path} is not imported by this process yet and is read when it is.")
        told = shared.definitions if shared is not None else []
        definitions = _distinct([item for item in told if item.reason or state not in ("already", "not_loaded")])
        notes = shared.notes[:MAX_NOTES] if shared is not None else []
        return ReloadReport(state, definitions, notes, "", generation, self._ms(), blockers, [file.path for file in self._files])

    def _refused(self, refusal: Refused) -> ReloadReport:
        file = next((os.path.abspath(item.path) for item in self._files if item.path in str(refusal)), self._files[0].path if self._files else "")
        kind = refusal.kind or "file"
        told = Definition(refusal.module or os.path.basename(file), refusal.name, kind, "refused", str(refusal), file, refusal.line)
        notes = self._shared.notes[:MAX_NOTES] if self._shared is not None else ()
        return ReloadReport("refused", [told], notes, str(refusal), 0, self._ms(), getattr(refusal, "blockers", ()), [file.path for file in self._files])

    def _failed(self, error: BaseException) -> ReloadReport:
        if os.environ.get("NEXOIDE_PROBE_DEBUG"):
            sys.__excepthook__(type(error), error, error.__traceback__)
        sentence = f"The reload ended with {type(error).__name__} ({str(error)[:200]}) and nothing was changed: restart the program for it."
        return ReloadReport("refused", [], (), sentence, 0, self._ms(), (), [file.path for file in self._files])

    def _ms(self) -> float:
        return round((self._spent or time.monotonic() - self._began) * 1000, 3)


def _distinct(definitions: Sequence[Definition]) -> list[Definition]:
    return list({(item.full, item.kind, item.action, item.line): item for item in definitions}.values())
