from limiter import limiter


class Gateway:
    def __init__(self, clock, per_second=2):
        self.clock = clock
        self.per_second = per_second
        self._gates = {}
        self.dropped = 0

    def accept(self, client):
        gate = self._gates.setdefault(client, limiter(self.per_second, self.clock))
        if gate():
            return True
        self.dropped += 1
        return False
