"""Statements that define nothing, and what running them did to containers."""
