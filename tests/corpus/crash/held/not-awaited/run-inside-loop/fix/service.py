import asyncio

from notify import push_many


class AlarmService:
    def __init__(self, limits):
        self.limits = limits
        self.alarms = 0

    async def check(self, sensor, value, devices):
        """Tell the devices where a value is above its limit; returns how many were told."""
        await asyncio.sleep(0)
        if value <= self.limits[sensor]:
            return 0
        self.alarms += 1
        return await push_many(devices, f"{sensor} at {value}")
