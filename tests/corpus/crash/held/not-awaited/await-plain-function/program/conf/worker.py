import asyncio


class Worker:
    def __init__(self, settings):
        self.settings = settings
        self.done = []

    async def handle(self, job):
        await asyncio.sleep(0)
        self.done.append(job.upper())

    async def run(self, jobs):
        limit = await self.settings.lookup("limit", 2)
        gate = asyncio.Semaphore(limit)

        async def guarded(job):
            async with gate:
                await self.handle(job)

        await asyncio.gather(*(guarded(job) for job in jobs))
        return len(self.done)
