import asyncio

from payout import pay_out
from wallet import Wallet


async def main():
    wallet = Wallet(10_000)
    for cents in (2_500, 4_000, 9_999):
        left = await pay_out(wallet, cents)
        print("refused" if left is None else f"left {left / 100:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
