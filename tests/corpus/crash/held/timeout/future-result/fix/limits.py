"""Limits of the health checks."""

# A check of a big host may take up to one second.
RESULT_TIMEOUT = 2.0
WORKERS = 4
