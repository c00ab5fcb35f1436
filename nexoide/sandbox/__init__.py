"""Runs what is not trusted yet: a target's tests on a throw-away copy, confined, limited, and reported test by test."""
