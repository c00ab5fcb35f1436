import sys

sys.path.insert(0, ".")

import asyncio
import hashlib

from manifest import changed, manifest

got = asyncio.run(manifest(["x", "yy"]))
assert got == {n: hashlib.sha256(n.encode() * 1000).hexdigest()[:10] for n in ("x", "yy")}, got
assert asyncio.run(manifest([])) == {}
assert asyncio.run(changed({"x": got["x"], "yy": "?"}, ["yy", "x"])) == ["yy"]
