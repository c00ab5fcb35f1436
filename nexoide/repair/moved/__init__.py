"""Renamed, moved and removed APIs: tables of what became of them, where a file uses them, and how the uses are rewritten."""
