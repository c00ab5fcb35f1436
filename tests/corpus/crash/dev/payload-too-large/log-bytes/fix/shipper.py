import http.client

from drain import MAX_BYTES

LINES_PER_REQUEST = 50


class UploadRefused(Exception):
    pass


class Shipper:
    def __init__(self, port):
        self.port = port
        self.requests = 0

    def _send(self, lines):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", "/drain", "\n".join(lines).encode(), {"Content-Type": "text/plain"})
            status = connection.getresponse().status
        finally:
            connection.close()
        self.requests += 1
        if status != 200:
            raise UploadRefused(f"the drain answered {status} to {len(lines)} lines (it takes {MAX_BYTES} bytes)")

    def ship(self, lines):
        batch, size = [], 0
        for line in lines:
            length = len(line.encode()) + 1
            if batch and (size + length > MAX_BYTES or len(batch) >= LINES_PER_REQUEST):
                self._send(batch)
                batch, size = [], 0
            batch.append(line)
            size += length
        if batch:
            self._send(batch)
