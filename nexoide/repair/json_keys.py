"""Keys that JSON made text on the way: numbers that are looked up in what was read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea
from nexoide.repair.json_object_keys import text_keys
from nexoide.repair.lookups import Lookup


def restored(context: Context, lookup: Lookup, key: Any) -> Iterator[Idea]:
    """Yield the keys made numbers again where a document is read."""
    if isinstance(key, int) and lookup.owner is not None:
        yield from text_keys(context)
