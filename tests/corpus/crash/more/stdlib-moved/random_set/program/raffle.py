class Raffle:
    """Everybody may enter once; winners leave the pool."""

    def __init__(self, rng):
        self._rng = rng
        self._pool = set()

    def enter(self, name):
        self._pool.add(name)

    def draw(self, count):
        winners = self._rng.sample(self._pool, count)
        self._pool.difference_update(winners)
        return winners

    def left(self):
        return set(self._pool)
