import json
from pathlib import Path


def load():
    return json.loads((Path(__file__).parent / "state.json").read_text())
