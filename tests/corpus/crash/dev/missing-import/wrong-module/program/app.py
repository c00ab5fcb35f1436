from queueing.job import Job
from queueing.worker import PriorityQueue

if __name__ == "__main__":
    queue = PriorityQueue()
    for priority, name in ((5, "mail"), (1, "payment"), (3, "thumbnail")):
        queue.push(Job(priority, name))
    print(queue.drain())
