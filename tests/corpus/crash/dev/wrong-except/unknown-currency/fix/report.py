def lines(book, amounts):
    """A line per amount; a currency without a rate is shown as it is, with a question mark."""
    for currency, amount in amounts:
        try:
            value = book.to_eur(currency, amount)
        except KeyError:
            yield f"{currency} {amount:.2f} = ?"
            continue
        yield f"{currency} {amount:.2f} = {value:.2f} EUR"
