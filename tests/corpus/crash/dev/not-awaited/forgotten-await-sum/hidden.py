import sys

sys.path.insert(0, ".")

import asyncio

from payout import pay_out
from wallet import Wallet


async def main():
    wallet = Wallet(1000)
    assert await pay_out(wallet, 500) == 475
    assert await pay_out(wallet, 500) is None
    assert await pay_out(wallet, 400, fee=0) == 75
    assert await wallet.balance() == 75


asyncio.run(main())
