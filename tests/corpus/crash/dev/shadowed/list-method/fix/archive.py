from __future__ import annotations


class MemoryArchive:
    """Files by name; the same interface as that of the archive on tape."""

    def __init__(self):
        self._files = {}

    def put(self, name: str, data: bytes) -> None:
        self._files[name] = data

    def list(self, prefix: str = ""):
        return sorted(name for name in self._files if name.startswith(prefix))

    def sizes(self) -> dict[str, int]:
        return {name: len(self._files[name]) for name in self.list()}

    def read_many(self, names: list[str]) -> list[bytes]:
        return [self._files[name] for name in names]
