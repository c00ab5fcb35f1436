import time


class Stopwatch:
    def __init__(self):
        self.begun = time.perf_counter()

    def seconds(self):
        return time.perf_counter() - self.begun
