class NoWorkers(Exception):
    """No worker is alive."""


class Pool:
    def __init__(self, names):
        self.alive = list(names)
        self._turn = -1

    def lost(self, name):
        self.alive.remove(name)

    def back(self, name):
        self.alive.append(name)

    def next_worker(self):
        """The worker whose turn it is; raises NoWorkers while none is alive."""
        if not self.alive:
            raise NoWorkers
        self._turn = (self._turn + 1) % len(self.alive)
        return self.alive[self._turn]
