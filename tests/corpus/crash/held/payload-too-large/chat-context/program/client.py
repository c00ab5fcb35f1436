import http.client
import json


class ContextTooLarge(Exception):
    """The gateway refused the messages because they are too long together."""

    def __init__(self, limit, got):
        super().__init__(f"413: {got} characters, the gateway takes {limit}")
        self.limit = limit
        self.got = got


def complete(port, messages):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/chat", json.dumps({"messages": messages}))
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    if response.status == 413:
        raise ContextTooLarge(answer["limit"], answer["got"])
    return answer["reply"]
