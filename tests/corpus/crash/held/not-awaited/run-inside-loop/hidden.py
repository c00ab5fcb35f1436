import sys

sys.path.insert(0, ".")

import asyncio

import notify
from service import AlarmService


async def main():
    service = AlarmService({"x": 1})
    assert await service.check("x", 1, ["a"]) == 0
    assert await service.check("x", 2, ["a", "b"]) == 2
    assert await service.check("x", 3, []) == 0
    assert sorted(notify.SENT) == [("a", "x at 2"), ("b", "x at 2")], notify.SENT
    assert service.alarms == 2


asyncio.run(main())
