import sys

sys.path.insert(0, ".")

from accounts import Accounts
from audit import Audit

audit = Audit()
accounts = Accounts(audit)
accounts.lock("zed")
assert audit.critical() == [{"event": "locked", "level": "critical", "user": "zed"}], audit.critical()
for _ in range(3):
    assert accounts.login("x", False) is False
assert [e["event"] for e in audit.entries][1:] == ["bad password"] * 3 + ["locked"]
assert accounts.login("x", True) and audit.entries[-1] == {"event": "login", "level": "info", "user": "x"}
