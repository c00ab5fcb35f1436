import sys

sys.path.insert(0, ".")

from app import build
from framework.container import Container

service = build()
assert service.repository.dsn == "memory://0" and service.retries == 3 and service.clock.offset == 0
c = Container()
c.register("a", lambda: 5)
c.register("b", lambda a, scale=2: a * scale)


class Pair:
    def __init__(self, a, b):
        self.both = (a, b)


c.register("pair", Pair)
assert c.get("pair").both == (5, 10)
assert c.get("pair") is c.get("pair")
