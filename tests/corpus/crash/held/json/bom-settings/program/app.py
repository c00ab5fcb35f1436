import tempfile
from pathlib import Path

import branches

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        branches.install(Path(name))
        for shop, currency in branches.currencies(Path(name)).items():
            print(ascii(shop), currency)
