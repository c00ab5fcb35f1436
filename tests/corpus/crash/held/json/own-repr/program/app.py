import os
import tempfile

from sync import sync

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cursor.json")
        print(sync(path, ["a", "b", "c"], bad=("b",)))
        print(sync(path, ["a", "b", "c", "d"]))
