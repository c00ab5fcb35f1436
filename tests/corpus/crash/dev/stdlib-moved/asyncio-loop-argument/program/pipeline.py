import asyncio


class Pipeline:
    """Runs items through a step, so many at once, and keeps what came out in the order of the items."""

    def __init__(self, step, workers=3, loop=None):
        self.step = step
        self.workers = workers
        self.loop = loop or asyncio.get_running_loop()
        self.queue = asyncio.Queue(maxsize=10, loop=self.loop)
        self.results = {}

    async def _work(self):
        while True:
            number, item = await self.queue.get()
            try:
                await asyncio.sleep(0.001, loop=self.loop)
                self.results[number] = self.step(item)
            finally:
                self.queue.task_done()

    async def run(self, items):
        tasks = [asyncio.ensure_future(self._work()) for _ in range(self.workers)]
        for pair in enumerate(items):
            await self.queue.put(pair)
        await self.queue.join()
        for task in tasks:
            task.cancel()
        return [self.results[number] for number in sorted(self.results)]
