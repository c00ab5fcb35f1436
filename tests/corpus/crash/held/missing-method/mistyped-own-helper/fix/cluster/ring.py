import zlib


class Ring:
    """Spreads keys over nodes; keys move only when the set of nodes changes."""

    def __init__(self, nodes: list[str]) -> None:
        self.nodes = sorted(nodes)
        self.keys: dict[str, str] = {}

    def _home(self, key: str) -> str:
        return max(self.nodes, key=lambda node: zlib.crc32(f"{node}/{key}".encode()))

    def _rebalance(self) -> int:
        moved = 0
        for key, node in self.keys.items():
            home = self._home(key)
            if home != node:
                self.keys[key] = home
                moved += 1
        return moved

    def put(self, key: str) -> str:
        return self.keys.setdefault(key, self._home(key))

    def join(self, node: str) -> int:
        self.nodes = sorted({*self.nodes, node})
        return self._rebalance()

    def leave(self, node: str) -> int:
        self.nodes = [one for one in self.nodes if one != node]
        return self._rebalance()
