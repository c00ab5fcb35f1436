import sys

sys.path.insert(0, "")
from device import Thermostat
from records import ReadOnly, record

t = Thermostat({"target": 20, "mode": "heat", "fan": 1})
assert (t.target, t.mode, t.fan, t.serial) == (20, "heat", 1, "T-1")
t.fan = 3
t.target = 18
assert t.raw == {"serial": "T-1", "target": 18, "mode": "heat", "fan": 3}
try:
    t.serial = "T-2"
    raise SystemExit("serial was written")
except ReadOnly:
    assert t.serial == "T-1"
