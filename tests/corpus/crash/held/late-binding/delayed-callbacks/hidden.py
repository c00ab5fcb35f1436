import sys

sys.path.insert(0, "")
import asyncio

import alarm
from plan import PLAN

h = asyncio.run(alarm.scenario(PLAN))
assert h.target == {"kitchen": 21.0, "bath": 23.5, "bedroom": 17.0}, h.target
assert h.log == ["kitchen", "bath", "bedroom"]
h = asyncio.run(alarm.scenario([(0.05, "a", 1), (0.0, "b", 2)]))
assert h.log == ["b", "a"] and h.target == {"a": 1, "b": 2}
