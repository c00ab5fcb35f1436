import json

from version import SNAPSHOT_VERSION


class UnsupportedVersion(Exception):
    pass


def upgrade_1(data):
    """Version 1 had the units by name."""
    data["units"] = [{"name": name, **unit} for name, unit in data["units"].items()]
    return data


UPGRADES = {1: upgrade_1}


def restore(path):
    data = json.loads(path.read_text())
    version = data.pop("version")
    if version > SNAPSHOT_VERSION:
        raise UnsupportedVersion(f"{path.name} has version {version}, this release reads up to {SNAPSHOT_VERSION}")
    while version < SNAPSHOT_VERSION:
        data = UPGRADES[version](data)
        version += 1
    return data
