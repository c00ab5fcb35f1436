import codecs
from pathlib import Path

from settings_file import load_settings

NOTEPAD = codecs.BOM_UTF8 + '{"shop": "Zürich", "currency": "CHF"}\r\n'.encode()
UNIX = b'{"shop": "Leeds", "currency": "GBP", "till": 3}\n'


def install(folder: Path) -> None:
    """What the branches have on their disks."""
    (folder / "leeds.json").write_bytes(UNIX)
    (folder / "zurich.json").write_bytes(NOTEPAD)


def currencies(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob("*.json")):
        settings = load_settings(path)
        found[settings["shop"]] = settings["currency"]
    return found
