import http.client
import json


class Client:
    def __init__(self, port):
        self.port = port

    def call(self, method, path):
        """The decoded answer and its status; None for answers without a body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return (json.loads(body) if body else None), response.status
