import os
import tempfile

from backup import restore, save

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "customers.json")
        print("saved", save(path, ({"id": n, "name": f"customer {n}"} for n in range(1, 4))))
        print("restored", len(restore(path)))
