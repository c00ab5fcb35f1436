from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    name: str
    locked: bool


def read_accounts(path: Path) -> list[Account]:
    accounts = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, *_ = line.split(":")
        accounts.append(Account(name, mark.startswith(("!", "*"))))
    return accounts
