def low(stock, limit):
    """Names of what has run low, scarcest first."""
    found = []
    for name, count in stock.items():
        if count < limit:
            found.append((count, name))
    return [name for _, name in sorted(found)]
