DEFAULTS = {"colour": "black", "copies": 1, "duplex": False}
KNOWN = frozenset(DEFAULTS)


def merged(overrides):
    """The defaults with the overrides of one job; raises ValueError for unknown names."""
    unknown = set(overrides) - KNOWN
    if unknown:
        raise ValueError(f"unknown options {sorted(unknown)}")
    return {**DEFAULTS, **overrides}
