import asyncio

from ledger import Entry
from payout import can_pay, pay_out


class Teller:
    """Works off the wishes of customers one after the other."""

    def __init__(self, wallets, ledger):
        self.wallets = wallets
        self.ledger = ledger
        self._busy = asyncio.Lock()

    async def deposit(self, name, cents):
        async with self._busy:
            await self.wallets[name].move(cents)
            await self.ledger.write(Entry(name, "in", cents))

    async def withdraw(self, name, cents):
        async with self._busy:
            left = await pay_out(self.wallets[name], cents)
            if left is None:
                await self.ledger.write(Entry(name, "refused", cents))
            else:
                await self.ledger.write(Entry(name, "out", cents))
            return left

    async def could_pay(self, cents):
        answers = await asyncio.gather(*(can_pay(wallet, cents) for wallet in self.wallets.values()))
        return [name for name, able in zip(self.wallets, answers) if able]
