"""From an income on, what share of the part above it is due, up to the next bracket."""

BRACKETS = [(0, 0.0), (11000, 0.20), (18000, 0.20), (31000, 0.30)]
