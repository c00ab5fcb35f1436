"""What happened to the wallets, as an asynchronous stream."""
import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    wallet: str
    kind: str
    cents: int


@dataclass
class Ledger:
    entries: list = field(default_factory=list)
    _waiting: list = field(default_factory=list)

    async def write(self, entry):
        await asyncio.sleep(0)
        self.entries.append(entry)
        for queue in self._waiting:
            queue.put_nowait(entry)

    async def follow(self, count):
        """The next entries as they come in, so many of them."""
        queue = asyncio.Queue()
        self._waiting.append(queue)
        try:
            for _ in range(count):
                yield await queue.get()
        finally:
            self._waiting.remove(queue)

    def total(self, kind):
        return sum(entry.cents for entry in self.entries if entry.kind == kind)
