import copy


class Job:
    def __init__(self, name, options):
        self.name = name
        self.options = options


def plan(defaults, names):
    """A job per name; every job owns its options, so that changing one leaves the others alone."""
    jobs = []
    for number, name in enumerate(names):
        options = copy.deepcopy(defaults).override(queue=f"{defaults.queue}-{number}")
        options.tags.append(name)
        jobs.append(Job(name, options))
    return jobs


def run_job(job):
    return f"{job.name}@{job.options.queue} x{job.options.retries} {'+'.join(job.options.tags)}"
