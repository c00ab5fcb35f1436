def moves(count, source, spare, target):
    if count == 0:
        return
    yield from moves(count - 1, source, target, spare)
    yield source, target
    yield from moves(count - 1, spare, source, target)


def digits_sum(number):
    """The sum of a whole number's decimal digits."""
    return number % 10 + digits_sum(number // 10)
