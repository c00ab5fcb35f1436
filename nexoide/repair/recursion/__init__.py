"""Recursion that does not end."""
