from dataclasses import dataclass


@dataclass
class Probe:
    name: str
    interval: int = 120
    method: str = "GET"
    url: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.url}"
