"""The page of an incident, section by section: what happened, where, with which values, since when, and what was done."""
