from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Folder:
    name: str
    size: int = 0
    children: list[Folder] = field(default_factory=list)

    def find(self, *path: str) -> Folder:
        """The folder below this one with that path; raises LookupError where there is none."""
        if not path:
            return self
        for child in self.children:
            if child.name == path[0]:
                child.find(*path[1:])
                break
        else:
            raise LookupError("/".join(path))

    def total(self) -> int:
        return self.size + sum(child.total() for child in self.children)
