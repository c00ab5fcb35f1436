"""Texts of modules: compiled, cut into statements, compared."""
