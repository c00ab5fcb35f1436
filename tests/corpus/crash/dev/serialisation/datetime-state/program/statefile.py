import json

from jobs import Job


class StateFile:
    def __init__(self, path):
        self.path = path

    def save(self, jobs):
        self.path.write_text(json.dumps([job.to_dict() for job in jobs], indent=1))

    def load(self):
        return [Job.from_dict(data) for data in json.loads(self.path.read_text())]
