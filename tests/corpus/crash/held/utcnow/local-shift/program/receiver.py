import time
from datetime import datetime


class Receiver:
    def __init__(self, tolerance):
        self.tolerance = tolerance

    def delay(self, message):
        return time.time() - datetime.fromisoformat(message["sent"]).timestamp()

    def is_fresh(self, message):
        return abs(self.delay(message)) <= self.tolerance
