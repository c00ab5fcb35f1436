"""Patterns in the journal: what fails most, since when, after what, where, how often before, and how fast it is mended."""
