from dataclasses import dataclass, field


@dataclass
class User:
    name: str
    roles: set = field(default_factory=set)
    strikes: int = 0

    def is_suspended(self):
        return self.strikes >= 3

    def has_role(self, role):
        return role in self.roles or "admin" in self.roles
