import sys

sys.path.insert(0, ".")

import billing
import mail

assert billing.send_reminder("x@y", 5, 31) == 1
assert billing.send_reminder("z@y", 5, 3) == 2
assert billing.send_invoice("q@y", 1) == 3
assert [m["to"] for m in mail.OUTBOX] == ["x@y", "z@y", "q@y"]
assert [m["subject"] for m in mail.OUTBOX] == ["! Reminder", "Reminder", "Invoice"]
