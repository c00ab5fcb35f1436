import sys

sys.path.insert(0, "")
import queue

import collector
from drain import Drain

d = collector.collect([3, 0, 5])
assert d.seen == 8 and d.sources == {"p0", "p2"}
q = queue.Queue()
q.put({"wrong": 1})
try:
    Drain(q).run()
    raise SystemExit("a message without a source was swallowed")
except KeyError:
    pass


class Broken(queue.Queue):
    def get(self, block=True, timeout=None):
        raise ConnectionError("the broker is gone")


try:
    Drain(Broken()).run()
    raise SystemExit("every trouble is taken for the end")
except ConnectionError:
    pass
d = Drain(queue.Queue())
d.run()
assert d.seen == 0
