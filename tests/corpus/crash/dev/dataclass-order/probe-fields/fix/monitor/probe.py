from dataclasses import dataclass


@dataclass
class Probe:
    name: str
    url: str
    interval: int = 120
    method: str = "GET"

    @property
    def key(self) -> str:
        return f"{self.method} {self.url}"
