from dataclasses import dataclass


@dataclass(slots=True)
class Vehicle:
    """Thousands of these are kept, hence the slots."""

    name: str
    second: int = 0
    metres: float = 0.0

    def update(self, second, metres):
        passed = second - self.second
        if passed > 0:
            self.speed = (metres - self.metres) / passed
        self.second = second
        self.metres = metres

    def is_standing(self):
        return self.second > 0 and self.speed == 0
