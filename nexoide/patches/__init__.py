"""Inspection of hostile source, edits in worker processes, diffs and the one hash."""
