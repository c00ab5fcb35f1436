"""Numbers, dates and their mixtures."""
