"""A bad night: many processes that fail at once, through every source."""
