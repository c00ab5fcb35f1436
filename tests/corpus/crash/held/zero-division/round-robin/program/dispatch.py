from workers import NoWorkers


class Dispatcher:
    def __init__(self, pool):
        self.pool = pool
        self.parked = []
        self.given = []

    def dispatch(self, job):
        try:
            worker = self.pool.next_worker()
        except NoWorkers:
            self.parked.append(job)
            return None
        self.given.append((worker, job))
        return worker

    def resume(self):
        parked, self.parked = self.parked, []
        for job in parked:
            self.dispatch(job)
