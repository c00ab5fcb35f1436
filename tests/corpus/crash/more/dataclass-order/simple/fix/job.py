from dataclasses import dataclass


@dataclass
class Job:
    name: str
    command: str
    priority: int = 5
    retries: int = 0


def queue_of(jobs):
    return sorted(jobs, key=lambda job: job.priority)
