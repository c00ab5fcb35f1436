import dataclasses
import typing as t


@dataclasses.dataclass
class Recipe:
    name: str
    serves: int = 4
    needs: t.Dict[str, int] = {}

    def need(self, what, count):
        self.needs[what] = self.needs.get(what, 0) + count

    def shopping(self):
        return sorted(self.needs.items())
