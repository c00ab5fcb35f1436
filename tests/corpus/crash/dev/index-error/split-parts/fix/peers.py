"""The list of peers: one per line, `host` or `host:port`; without a port it is DEFAULT_PORT."""

DEFAULT_PORT = 7070


class Peer:
    def __init__(self, host, port):
        self.host = host
        self.port = port

    def __repr__(self):
        return f"{self.host}:{self.port}"


def parse_peer(entry):
    parts = entry.strip().split(":")
    return Peer(parts[0], int(parts[1]) if len(parts) > 1 else DEFAULT_PORT)


def parse_peers(text):
    peers = []
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if line:
            peers.append(parse_peer(line))
    return peers
