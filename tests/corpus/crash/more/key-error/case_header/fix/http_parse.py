from dataclasses import dataclass


@dataclass
class Request:
    method: str
    path: str
    headers: dict

    def length(self):
        return int(self.headers.get("content-length", 0))

    def trace(self):
        return self.headers["x-trace"]


def parse_head(raw):
    first, *rest = raw.split("\r\n")
    method, path, _ = first.split(" ")
    headers = {}
    for line in rest:
        if not line:
            break
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(method, path, headers)
