"""A patch as a unified diff, made from the very bytes that an approval names."""

from __future__ import annotations

from collections.abc import Callable

from nexoide.model.diff import unified
from nexoide.model.patch import Patch


def patch_diff(patch: Patch, blob: Callable[[str], bytes]) -> list[str]:
    """Return the lines of the diff of all files, as `git apply` takes them; `blob` returns the bytes with a hash.

    Lines end at line feeds alone, as Python reads them; anything else in them is left to the one who prints.
    """
    texts = [unified(change.path, _text(blob(change.base_sha256)) if change.base_sha256 else None, _text(blob(change.new_sha256))) for change in patch.files]
    return "".join(texts).removesuffix("\n").split("\n") if any(texts) else []


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")
