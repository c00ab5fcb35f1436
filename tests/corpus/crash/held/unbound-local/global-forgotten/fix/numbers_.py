"""Running numbers of documents, by prefix and year."""

_next = 1
_issued = []


def next_number(prefix, year):
    global _next
    number = f"{prefix}-{year}-{_next:04d}"
    _next += 1
    _issued.append(number)
    return number


def issued():
    return list(_issued)
