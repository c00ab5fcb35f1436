from dataclasses import dataclass, field


@dataclass
class Person:
    name: str
    skills: list = field(default_factory=list)
    phone: str = ""
