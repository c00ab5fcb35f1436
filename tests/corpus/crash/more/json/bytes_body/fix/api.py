import json


class Api:
    """get() gives the decoded body, None where the answer has no body."""

    def __init__(self, transport):
        self._transport = transport

    def get(self, path):
        status, body = self._transport(path)
        if status >= 400:
            raise RuntimeError(f"{path}: {status}")
        if not body:
            return None
        return json.loads(body)
