"""Limits of the night job, in seconds."""

CONNECT_TIMEOUT = 2.0
# Reports of big branches take up to a second on the reporting server.
REPORT_TIMEOUT = 0.05
