import itertools

_numbers = itertools.count(100)


def open_ticket(title, number=None, labels=None):
    """A new ticket, with the next free number unless one is given."""
    if number is None:
        number = next(_numbers)
    return {"number": number, "title": title, "labels": list(labels or [])}
