from collections import deque


class Outbox:
    def __init__(self, line):
        self.line = line
        self.waiting = deque()

    def put(self, message):
        self.waiting.append(message)

    def flush(self):
        """Try every waiting message once, in order; those that are refused wait at the end. Returns how many went."""
        sent = 0
        for message in list(self.waiting):
            self.waiting.popleft()
            if self.line.send(message):
                sent += 1
            else:
                self.waiting.append(message)
        return sent
