class Graph:
    def __init__(self):
        self._next = {}

    def link(self, start, end):
        self._next.setdefault(start, []).append(end)
        self._next.setdefault(end, [])

    def reachable(self, start):
        """All nodes that can be reached from a node, itself included; graphs may have cycles."""
        found = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self._next[node])
        return found
