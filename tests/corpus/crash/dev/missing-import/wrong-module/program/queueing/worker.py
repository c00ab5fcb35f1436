import heapq

from queueing.job import Job


class PriorityQueue:
    def __init__(self) -> None:
        self._heap: list[Job] = []

    def push(self, job: Job) -> None:
        heapq.heappush(self._heap, job)

    def drain(self) -> list[str]:
        names = []
        while self._heap:
            names.append(heapq.heappop(self._heap).name)
        return names
