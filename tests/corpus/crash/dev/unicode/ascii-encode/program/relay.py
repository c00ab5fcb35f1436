from frames import pack, unpack_all


class Relay:
    def __init__(self) -> None:
        self.wire = b""

    def say(self, nick: str, text: str) -> None:
        self.wire += pack(f"{nick}: {text}")

    def history(self) -> list[str]:
        return unpack_all(self.wire)
