def split_ranges(size, count):
    """Cut 0…size into `count` ranges of about the same size."""
    step = -(-size // count)
    return [(start, min(start + step, size)) for start in range(0, size, step)]


def join_parts(parts):
    return b"".join(parts[key] for key in sorted(parts))
