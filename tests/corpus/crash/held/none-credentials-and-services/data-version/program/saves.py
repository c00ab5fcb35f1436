import json
from pathlib import Path

READS_UP_TO = 5


class UnsupportedVersion(Exception):
    """The file was written by a newer release than this one."""


def _upgrade(data, version):
    if version < 4:
        data["inventory"] = list(data.get("items", {}))
    if version < 5:
        data.setdefault("mode", "normal")
    return data


def load(path: Path):
    data = json.loads(path.read_text())
    version = data.pop("version")
    if version > READS_UP_TO:
        raise UnsupportedVersion(f"{path.name} has version {version}, this release reads up to {READS_UP_TO}")
    return _upgrade(data, version)
