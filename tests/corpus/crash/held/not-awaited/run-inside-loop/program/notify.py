import asyncio

SENT = []


async def push(device, text):
    await asyncio.sleep(0)
    SENT.append((device, text))
    return True


async def push_many(devices, text):
    results = await asyncio.gather(*(push(d, text) for d in devices))
    return sum(results)
