import sys

sys.path.insert(0, ".")

from queueing.job import Job
from queueing.worker import PriorityQueue

queue = PriorityQueue()
for p, n in ((2, "b"), (1, "a"), (9, "z")):
    queue.push(Job(p, n))
assert queue.drain() == ["a", "b", "z"]
assert Job(1, "x") == Job(1, "y") and Job(1, "x").payload == {} and Job(1, "x").payload is not Job(1, "x").payload
assert Job(1, "x", {"k": 1}).payload == {"k": 1}
