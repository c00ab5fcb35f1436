"""Healing without a supervisor: one failing command, run in a confined copy, diagnosed, repaired, and the patches ranked."""
