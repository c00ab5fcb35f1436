import time


class Loop:
    def __init__(self, interval):
        self.interval = interval
        self.rounds = 0

    def run(self):
        while True:
            self.rounds += 1
            time.sleep(self.interval)
