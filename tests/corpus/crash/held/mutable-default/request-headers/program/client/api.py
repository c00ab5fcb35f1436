from client.request import build


class Api:
    def __init__(self, base, transport):
        self.base = base
        self.transport = transport

    def public(self, path):
        return self.transport(build("GET", self.base + path))

    def private(self, path, token):
        return self.transport(build("GET", self.base + path, token))

    def upload(self, path, token, data):
        return self.transport(build("PUT", self.base + path, token, body=data))
