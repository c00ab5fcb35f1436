"""Limits of the health checks."""

# A check of a big host may take up to one second.
RESULT_TIMEOUT = 0.02
WORKERS = 4
