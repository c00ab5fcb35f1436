from collections import namedtuple

Entry = namedtuple("Entry", "status method path ms")


class LogFile:
    def __init__(self, text):
        self.text = text

    def entries(self):
        for line in self.text.splitlines():
            if line.startswith("--"):
                continue
            status, method, path, ms = line.split()
            yield Entry(int(status), method, path, int(ms))
