from dataclasses import dataclass


@dataclass
class Pairing:
    device: str
    rights: set
    key: bytes

    def may(self, right):
        return right in self.rights or "all" in self.rights
