import asyncio

from ledger import Ledger
from teller import Teller
from wallet import Wallet


async def watch(ledger, count):
    async for entry in ledger.follow(count):
        print(f"{entry.wallet}: {entry.kind} {entry.cents / 100:.2f}")


async def main():
    ledger = Ledger()
    teller = Teller({"ann": Wallet(10_000), "bo": Wallet(50)}, ledger)
    watcher = asyncio.create_task(watch(ledger, 4))
    await asyncio.sleep(0)
    await teller.deposit("bo", 2_000)
    for name, cents in (("ann", 2_500), ("ann", 9_999), ("bo", 1_000)):
        left = await teller.withdraw(name, cents)
        print("refused" if left is None else f"left {left / 100:.2f}")
    await asyncio.wait_for(watcher, 2)
    print(await teller.could_pay(5_000), ledger.total("out"))


if __name__ == "__main__":
    asyncio.run(main())
