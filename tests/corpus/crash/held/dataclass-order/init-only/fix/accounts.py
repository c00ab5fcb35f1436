from dataclasses import InitVar, dataclass, field

from hashing import scramble


@dataclass
class Account:
    """The password itself is never kept."""

    name: str
    password: InitVar[str]
    locked: bool = False
    digest: str = field(init=False, repr=False)

    def __post_init__(self, password):
        self.digest = scramble(password, self.name)

    def accepts(self, password):
        return not self.locked and scramble(password, self.name) == self.digest


def login(accounts, name, password):
    return any(account.name == name and account.accepts(password) for account in accounts)
