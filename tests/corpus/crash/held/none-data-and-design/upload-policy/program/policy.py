from dataclasses import dataclass


class PolicyError(PermissionError):
    pass


@dataclass(frozen=True)
class Policy:
    """What may be uploaded; decided by the security team, in policy.json."""

    allowed: frozenset
    largest: int

    @classmethod
    def from_dict(cls, data):
        return cls(frozenset(data["allowed"]), data["largest"])

    def check(self, name, size):
        kind = name.rpartition(".")[2].lower()
        if kind not in self.allowed:
            raise PolicyError(f"{name}: files of type {kind} are not allowed")
        if size > self.largest:
            raise PolicyError(f"{name}: {size} bytes are more than {self.largest}")
