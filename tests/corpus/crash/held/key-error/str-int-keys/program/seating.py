import json
from dataclasses import dataclass, field


@dataclass
class Hall:
    rows: dict = field(default_factory=dict)
    sold: set = field(default_factory=set)

    @classmethod
    def from_json(cls, text: str) -> "Hall":
        return cls(rows=json.loads(text)["rows"])

    def free(self, row: int) -> int:
        taken = sum(1 for r, _ in self.sold if r == row)
        return self.rows[row] - taken

    def sell(self, row: int, seat: int) -> bool:
        if (row, seat) in self.sold or not 1 <= seat <= self.rows[row]:
            return False
        self.sold.add((row, seat))
        return True
