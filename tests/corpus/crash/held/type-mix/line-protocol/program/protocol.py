from collections import defaultdict


class Counter:
    def __init__(self):
        self.values = defaultdict(int)

    def execute(self, line):
        """Run one command, a line of text, and return the answer."""
        if line.startswith("incr "):
            _, name, *amount = line.split()
            self.values[name] += int(amount[0]) if amount else 1
            return f"ok {self.values[name]}"
        if line.startswith("get "):
            return f"value {self.values[line.split()[1]]}"
        return "error unknown command"


def serve_connection(connection, counter):
    reader = connection.makefile("rb")
    for raw in reader:
        line = raw.strip()
        if line == "quit":
            break
        connection.sendall(counter.execute(line).encode() + b"\n")
