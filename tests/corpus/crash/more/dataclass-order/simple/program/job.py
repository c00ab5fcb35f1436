from dataclasses import dataclass


@dataclass
class Job:
    name: str
    priority: int = 5
    command: str
    retries: int = 0


def queue_of(jobs):
    return sorted(jobs, key=lambda job: job.priority)
