import time


class Stopwatch:
    def __init__(self):
        self.begun = time.clock()

    def seconds(self):
        return time.clock() - self.begun
