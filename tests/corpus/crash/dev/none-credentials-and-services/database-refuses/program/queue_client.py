import json
import socket


class QueueClient:
    def __init__(self, host, port, timeout=2.0):
        self.address = (host, port)
        self.timeout = timeout

    def push(self, topic, message):
        with socket.create_connection(self.address, timeout=self.timeout) as connection:
            connection.sendall(json.dumps({"topic": topic, "message": message}).encode() + b"\n")
            return connection.recv(16) == b"OK\n"
