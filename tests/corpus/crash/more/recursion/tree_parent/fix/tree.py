from dataclasses import dataclass, field


@dataclass
class Node:
    name: str
    parent: "Node | None" = None
    children: list = field(default_factory=list)

    def __post_init__(self):
        if self.parent is not None:
            self.parent.children.append(self)

    def path(self):
        return f"{self.parent.path()}/{self.name}" if self.parent else self.name

    def __str__(self):
        return f"{self.name}({', '.join(str(c) for c in self.children)}) of {self.parent.name if self.parent else None}"
