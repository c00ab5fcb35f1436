"""Statements of modules, their effects, and caches in a reload."""
