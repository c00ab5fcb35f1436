import asyncio


class Gone(ConnectionError):
    pass


class Member:
    def __init__(self, name, fails_after=None):
        self.name = name
        self.received = []
        self.fails_after = fails_after

    async def send(self, text):
        await asyncio.sleep(0)
        if self.fails_after is not None and len(self.received) >= self.fails_after:
            raise Gone(self.name)
        self.received.append(text)


class Room:
    def __init__(self, name):
        self.name = name
        self.members = set()

    def join(self, member):
        self.members.add(member)

    def leave(self, member):
        self.members.discard(member)

    async def broadcast(self, text):
        """Send to everybody; whoever is gone leaves the room."""
        for member in list(self.members):
            try:
                await member.send(text)
            except Gone:
                self.leave(member)
