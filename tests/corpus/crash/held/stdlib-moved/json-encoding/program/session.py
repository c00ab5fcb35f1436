import legacy


class HostSession:
    """Keeps the conversation with the host; `send` is any function from bytes to bytes."""

    def __init__(self, send):
        self._send = send
        self.count = 0

    def ask(self, **fields):
        self.count += 1
        answer = legacy.parse_answer(self._send(legacy.to_request(dict(fields, seq=self.count))))
        if answer.get("seq") != self.count:
            raise RuntimeError("the host answered another question")
        return answer
