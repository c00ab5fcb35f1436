def describe(numbers):
    """Smallest, largest and sum of any collection of numbers that is not empty."""
    return {"min": min(numbers), "max": max(numbers), "sum": sum(numbers)}
