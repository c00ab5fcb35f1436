import sys

sys.path.insert(0, "")
import audit
from trail import show

assert audit.run(audit.BEFORE, audit.AFTER).lines == [
    "name: <db1> -> <db2>",
    "position: <(3, 4)> -> <(3, 5)>",
    "labels: <('ssd',)> -> <('ssd', 'eu')>",
    "note: (empty) -> (empty)",
], audit.run(audit.BEFORE, audit.AFTER).lines
assert show(()) == "<()>" and show(0) == "<0>" and show({"a": 1}) == "<{'a': 1}>"
