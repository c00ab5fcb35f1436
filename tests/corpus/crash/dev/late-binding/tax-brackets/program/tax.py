def share(income, low, high, rate):
    part = min(income, high) - low if high is not None else income - low
    return max(part, 0) * rate


def bracket_functions(brackets):
    """A function per bracket that says what is due in it for an income."""
    highs = [low for low, _ in brackets[1:]] + [None]
    return [lambda income: share(income, low, high, rate) for (low, rate), high in zip(brackets, highs)]


def tax(income, functions):
    return sum(function(income) for function in functions)
