from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass
class Job:
    name: str
    last_run: datetime | None
    failures: int = 0

    def to_dict(self):
        data = asdict(self)
        if self.last_run is not None:
            data["last_run"] = self.last_run.isoformat()
        return data

    @classmethod
    def from_dict(cls, data):
        last = data["last_run"]
        return cls(data["name"], datetime.fromisoformat(last) if last else None, data["failures"])
