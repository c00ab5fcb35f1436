import sys

sys.path.insert(0, ".")

from app import build, turnover

bus = build("t")
assert turnover(bus, [{"kind": "refund", "id": 9, "total": 5}]) == -5
assert turnover(bus, [{"kind": "order", "id": 1, "total": 50}, {"kind": "refund", "id": 1, "total": 50}, {"kind": "noise"}]) == 0
assert "t: order 1" in bus.context.log
