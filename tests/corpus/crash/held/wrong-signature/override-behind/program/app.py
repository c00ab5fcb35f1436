import tempfile
from pathlib import Path

from export.job import export_all

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(export_all([{"id": 1, "name": "tea"}, {"id": 2, "name": "pot"}], Path(folder)))
