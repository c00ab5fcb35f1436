import sys

sys.path.insert(0, "")
import files
from archive import MemoryArchive

a = files.build()
assert a.list("a/") == ["a/1.txt", "a/3.txt"] and a.list() == ["a/1.txt", "a/3.txt", "b/2.txt"], "the interface must stay"
assert a.sizes() == {"a/1.txt": 3, "a/3.txt": 5, "b/2.txt": 3}
assert a.read_many(["b/2.txt", "a/1.txt"]) == [b"two", b"one"] and a.read_many([]) == []
try:
    a.read_many(["none"])
    raise SystemExit("a file that is not there was read")
except KeyError:
    pass
