import sys

sys.path.insert(0, "")
import tempfile
from pathlib import Path

from playlists import PlaylistStore

s = PlaylistStore("lists")
assert [(n, s.minutes(n)) for n in s.names()] == [("morning", 7), ("night", 10)]
assert s.entries("night") == [("Rain", 600)]
s = PlaylistStore("lists/")
assert s.minutes("night") == 10
try:
    s.entries("none")
    raise SystemExit("a list that is not there was read")
except OSError:
    pass
with tempfile.TemporaryDirectory() as name:
    Path(name, "x.m3u").write_text("#EXTINF:60,A\n")
    assert PlaylistStore(name).minutes("x") == 1
