import sys

sys.path.insert(0, "")
import json

from answers import answer

got = json.loads(answer("/devices/7"))
assert got == {"device": {"number": 7, "name": "switch", "place": {"room": "B2", "rack": 4}, "tags": ["core"]}, "path": "/devices/7"}, got
got = json.loads(answer("/devices/9"))
assert got["device"] == {"number": 9, "name": "sensor", "place": {"room": "roof", "rack": None}, "tags": []}, got
assert json.loads(answer("/devices")) == {"devices": ["switch", "sensor"]}
