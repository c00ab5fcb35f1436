"""What was shown, nailed down: a patch's bytes, fetched and verified, and the one hash an approval of them names."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from nexoide.errors import ConflictError
from nexoide.model.diff import Hunk, counts, hunks
from nexoide.model.patch import FileChange, Patch, patch_digest
from nexoide.tui import syntax
from nexoide.tui.feed import Source


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of a patch, ready to be drawn; colours are per line of the text before and after."""

    path: str
    hunks: tuple[Hunk, ...]
    added: int
    removed: int
    old_colours: tuple[syntax.Ranges, ...]
    new_colours: tuple[syntax.Ranges, ...]


@dataclass(frozen=True, slots=True)
class Pinned:
    """A patch as it is on the screen; `digest` is computed from the shown bytes, never taken over from elsewhere.

    `refusal` says why it cannot be approved from here, and is empty where it can.
    """

    patch: Patch
    digest: str
    files: tuple[FileDiff, ...]
    refusal: str = ""

    @property
    def total(self) -> int:
        """How many lines the whole diff has."""
        return sum(len(hunk.lines) for file in self.files for hunk in file.hunks)

    @property
    def changes(self) -> tuple[int, int]:
        """How many lines are added and removed."""
        return sum(file.added for file in self.files), sum(file.removed for file in self.files)


async def load(client: Source, changes: tuple[FileChange, ...]) -> tuple[FileDiff, ...]:
    """Fetch a patch's bytes and return its diffs; raises NexoideError where they cannot be had or are not the patch's."""
    contents = [(change, await _blob(client, change.base_sha256) if change.base_sha256 else b"", await _blob(client, change.new_sha256)) for change in changes]
    return await asyncio.to_thread(lambda: tuple(_file(change, base, new) for change, base, new in contents))


def seal(workspace: str, patch: Patch, files: tuple[FileDiff, ...]) -> Pinned:
    """Return a patch pinned to the bytes that are shown, with the hash that they have."""
    digest = patch_digest(workspace, patch)
    refusal = ""
    if patch.digest and patch.digest != digest:
        refusal = f"The supervisor announced {patch.id} under another hash than what is shown here has: it cannot be approved; run 'nexoide audit verify'."
    return Pinned(patch, digest, files, refusal)


async def _blob(client: Source, sha256: str) -> bytes:
    content = await client.blob(sha256)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConflictError("The supervisor sent other bytes than the patch names: nothing of it is shown; run 'nexoide audit verify'.")
    return content


def _file(change: FileChange, base: bytes, new: bytes) -> FileDiff:
    old_text, new_text = base.decode("utf-8", "surrogateescape"), new.decode("utf-8", "surrogateescape")
    found = hunks(old_text, new_text)
    added, removed = counts(found)
    return FileDiff(change.path, found, added, removed, syntax.ranges(change.path, old_text), syntax.ranges(change.path, new_text))
