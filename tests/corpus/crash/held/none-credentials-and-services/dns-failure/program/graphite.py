import socket
import time


class Sender:
    def __init__(self, host, port):
        self.host, self.port = host, port
        self.lines = []

    def gauge(self, name, value):
        self.lines.append(f"{name} {value} {int(time.time())}\n")

    def flush(self):
        family, kind, proto, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as connection:
            connection.settimeout(2)
            connection.connect(address)
            connection.sendall("".join(self.lines).encode())
        count, self.lines = len(self.lines), []
        return count
