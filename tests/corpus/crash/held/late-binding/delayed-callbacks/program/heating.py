import asyncio


class Heating:
    def __init__(self):
        self.target = {}
        self.log = []
        self.done = asyncio.Event()

    def set(self, room, wanted):
        self.target[room] = wanted
        self.log.append(room)

    def schedule(self, loop, plan):
        """Set every room's temperature after its delay; `done` says when the last one is set."""
        last = 0
        for delay, room, wanted in plan:
            def change():
                self.set(room, wanted)

            loop.call_later(delay, change)
            last = max(last, delay)
        loop.call_later(last + 0.02, self.done.set)
