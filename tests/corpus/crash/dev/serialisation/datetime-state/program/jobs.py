from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass
class Job:
    name: str
    last_run: datetime | None
    failures: int = 0

    def to_dict(self):
        return asdict(self)

    @classmethod
    def from_dict(cls, data):
        last = data["last_run"]
        return cls(data["name"], datetime.fromisoformat(last) if last else None, data["failures"])
