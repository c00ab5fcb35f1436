from feeds import Entry, parse_feed


class Reader:
    def __init__(self) -> None:
        self.seen: set[str] = set()

    def fresh(self, text: str) -> list[Entry]:
        """Entries that were not there in the feeds read before."""
        entries = [entry for entry in parse_feed(text) if entry.link not in self.seen]
        self.seen.update(entry.link for entry in entries)
        return entries
