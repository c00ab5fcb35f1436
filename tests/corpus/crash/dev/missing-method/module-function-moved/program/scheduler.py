import heapq

import clock
import helpers


class Scheduler:
    def __init__(self):
        self.queue = []

    def every(self, text, title):
        seconds = helpers.parse_duration(text)
        heapq.heappush(self.queue, (seconds, helpers.slug(title)))

    def agenda(self):
        return [f"{clock.clock_text(s)} {name}" for s, name in sorted(self.queue)]
