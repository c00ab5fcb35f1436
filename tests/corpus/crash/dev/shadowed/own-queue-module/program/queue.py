class JobQueue:
    def __init__(self, jobs):
        self._jobs = list(jobs)

    def drain(self):
        jobs, self._jobs = self._jobs, []
        return jobs
