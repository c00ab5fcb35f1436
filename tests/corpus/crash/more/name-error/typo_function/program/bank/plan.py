from bank.rates import monthly_payment, monthly_rate


def plan(amount, yearly, months):
    """Yield (interest, principal, left) month by month."""
    pay = monthly_payment(amount, yearly, months)
    left = amount
    for _ in range(months):
        interest = left * montly_rate(yearly)
        principal = pay - interest
        left -= principal
        yield round(interest, 2), round(principal, 2), round(left, 2)
