import json
from pathlib import Path

REQUIRED = ("shop", "currency")


def load_settings(path: Path) -> dict:
    """The settings of a branch; raises ValueError where they are not JSON or lack something."""
    settings = json.loads(path.read_text(encoding="utf-8-sig"))
    missing = [name for name in REQUIRED if name not in settings]
    if missing:
        raise ValueError(f"{path.name} lacks {', '.join(missing)}")
    return settings
