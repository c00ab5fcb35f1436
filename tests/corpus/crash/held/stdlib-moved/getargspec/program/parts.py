class Clock:
    def __init__(self, offset=0):
        self.offset = offset


class Repository:
    def __init__(self, dsn):
        self.dsn = dsn


class Service:
    def __init__(self, clock, repository, retries=3):
        self.clock = clock
        self.repository = repository
        self.retries = retries


def dsn(clock):
    return f"memory://{clock.offset}"
