BASE = 0.02


def monthly_rate(yearly):
    return (1 + yearly) ** (1 / 12) - 1


def monthly_payment(amount, yearly, months):
    rate = monthly_rate(yearly)
    if rate == 0:
        return amount / months
    return amount * rate / (1 - (1 + rate) ** -months)
