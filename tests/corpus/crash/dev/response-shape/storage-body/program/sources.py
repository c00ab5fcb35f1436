import json
from pathlib import Path


class LocalFile:
    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.text = path.read_text(encoding="utf-8")


class StoredObject:
    """What the object store hands out: the raw bytes of one key."""

    def __init__(self, key: str, body: bytes) -> None:
        self.name = key
        self.body = body


class Store:
    def __init__(self) -> None:
        self._blobs = {"2024/03.json": json.dumps([{"sku": "b", "sold": 5}, {"sku": "é", "sold": 2}], ensure_ascii=False).encode("utf-8")}

    def get(self, key: str) -> StoredObject:
        return StoredObject(key, self._blobs[key])


def fetch(where: str, store: Store):
    if where.startswith("store:"):
        return store.get(where.removeprefix("store:"))
    return LocalFile(Path(__file__).with_name("data") / where)
