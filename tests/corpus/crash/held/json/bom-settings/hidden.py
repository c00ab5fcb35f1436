import sys

sys.path.insert(0, ".")

import tempfile
from pathlib import Path

import branches
from settings_file import load_settings

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    branches.install(folder)
    assert branches.currencies(folder) == {"Leeds": "GBP", "Zürich": "CHF"}
    path = folder / "x.json"
    for bad in (b"", b"{", b'{"shop": "x"}', b"\xef\xbb\xbf"):
        path.write_bytes(bad)
        try:
            load_settings(path)
        except ValueError:
            pass
        else:
            raise AssertionError(f"{bad!r} must fail")
