import sys

sys.path.insert(0, "")
import show
from document import Document
from view import table

d = Document(show.DATA)
assert [line.split()[1] for line in table(d, show.PATHS)] == ["443", "-", "-", "ops@example.org", "-"]
assert d.get("owner.phone") is None and d.get("servers.9", 5) == 5
try:
    d.walk("owner.phone")
    raise SystemExit("walk must raise")
except KeyError:
    pass
