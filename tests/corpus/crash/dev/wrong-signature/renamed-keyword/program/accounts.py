from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Claim:
    number: str
    amount: float
    due: date
    paid: bool = False

    def days_late(self, today: date) -> int:
        return 0 if self.paid else max(0, (today - self.due).days)


@dataclass
class Account:
    mail: str
    claims: list[Claim] = field(default_factory=list)

    def open_amount(self) -> float:
        return round(sum(claim.amount for claim in self.claims if not claim.paid), 2)

    def worst(self, today: date) -> Claim | None:
        """The claim that is late the longest; None where everything is paid or not due."""
        late = [claim for claim in self.claims if claim.days_late(today) > 0]
        return max(late, key=lambda claim: claim.days_late(today), default=None)


class Accounts:
    def __init__(self) -> None:
        self._by_mail: dict[str, Account] = {}

    def open(self, mail: str) -> Account:
        return self._by_mail.setdefault(mail.lower(), Account(mail.lower()))

    def claim(self, mail: str, number: str, amount: float, due: date) -> Claim:
        claim = Claim(number, amount, due)
        self.open(mail).claims.append(claim)
        return claim

    def __iter__(self):
        return iter(self._by_mail.values())
