"""Heals a plain folder: runs a failing command on copies, diagnoses what failed, tries what is proposed, and ranks it."""
