import queue
import threading

from images import thumbnail


class Worker(threading.Thread):
    def __init__(self, number, jobs, done):
        self.number = number
        self.jobs = jobs
        self.done = done
        self.handled = 0

    def run(self):
        while True:
            try:
                name = self.jobs.get_nowait()
            except queue.Empty:
                return
            self.done.put(thumbnail(name))
            self.handled += 1
