from dataclasses import dataclass


@dataclass
class Event:
    name: str
    at: float = 0.0
    host: str = "localhost"

    def text(self):
        return f"{self.at:.1f} {self.host} {self.name}"


@dataclass
class Deployed(Event):
    version: str

    def text(self):
        return f"{super().text()} {self.version}"


@dataclass
class Failed(Event):
    reason: str
    fatal: bool = False

    def text(self):
        return f"{super().text()} {self.reason}{'!' if self.fatal else ''}"
