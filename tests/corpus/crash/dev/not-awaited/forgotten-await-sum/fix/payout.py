async def can_pay(wallet, cents):
    return await wallet.balance() >= cents


async def pay_out(wallet, cents, fee=25):
    """Take an amount and the fee; returns what is left, or None where the wallet holds too little."""
    if not await can_pay(wallet, cents + fee):
        return None
    await wallet.move(-cents - fee)
    left = await wallet.balance()
    if left < 0:
        raise RuntimeError("the wallet is overdrawn")
    return left
