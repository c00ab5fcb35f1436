import sys

sys.path.insert(0, "")
from fetch import Result, fetch
from store import Store

s = Store({"a": "x", "b": PermissionError("b"), "c": OSError("c"), "d": ValueError("d"), "e": ConnectionResetError()})
assert [fetch(s, n).status for n in ("a", "b", "c", "e", "zzz")] == [200, 403, 500, 500, 404]
assert fetch(s, "c").text == "OSError" and fetch(s, "e").text == "ConnectionResetError" and fetch(s, "zzz").text == ""
try:
    fetch(s, "d")
    raise SystemExit("a fault of the program was swallowed")
except ValueError:
    pass
