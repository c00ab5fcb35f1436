"""The digest of a patch, computed from the bytes themselves and not taken on trust."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nexoide.client.commands import Client
from nexoide.errors import ConflictError
from nexoide.model.patch import Patch, patch_digest


async def computed_digest(client: Client, root: Path, patch: Patch) -> str:
    """Return the digest an approval of `patch` must name.

    The bytes before are those on disk, the bytes after those in the blob store; raises ConflictError where either is
    not what the patch says, or where the supervisor names another digest.
    """
    for change in patch.files:
        path = root / change.path
        before = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
        after = hashlib.sha256(await client.blob(change.new_sha256)).hexdigest()
        if (before, after) != (change.base_sha256, change.new_sha256):
            raise ConflictError(f"{patch.id} was made against other bytes of {change.path} than those on disk.")
    digest = patch_digest(str(root), patch)
    if digest != patch.digest:
        raise ConflictError(f"{patch.id} is announced under the digest {patch.digest[:12]} and its content has {digest[:12]}.")
    return digest
