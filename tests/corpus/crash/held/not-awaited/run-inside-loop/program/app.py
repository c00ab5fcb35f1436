import asyncio

from service import AlarmService


async def watch(values):
    service = AlarmService({"boiler": 90, "pump": 4})
    told = 0
    for sensor, value in values:
        told += await service.check(sensor, value, ["phone", "pager"])
    return told, service.alarms


def main():
    told, alarms = asyncio.run(watch([("boiler", 80), ("pump", 5), ("boiler", 95)]))
    print(f"{alarms} alarms, {told} messages")


if __name__ == "__main__":
    main()
