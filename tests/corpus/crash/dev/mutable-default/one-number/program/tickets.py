import itertools

_numbers = itertools.count(100)


def open_ticket(title, number=next(_numbers), labels=None):
    """A new ticket, with the next free number unless one is given."""
    return {"number": number, "title": title, "labels": list(labels or [])}
