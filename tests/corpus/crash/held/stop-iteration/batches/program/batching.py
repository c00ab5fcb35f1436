def batches(items, size):
    """Yield lists of `size` items; the last may be shorter, none is empty."""
    if size < 1:
        raise ValueError("size must be at least 1")
    iterator = iter(items)
    while True:
        batch = [next(iterator) for _ in range(size)]
        if not batch:
            return
        yield batch
