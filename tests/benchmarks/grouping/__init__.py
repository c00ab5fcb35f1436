"""How well failures are grouped: programs with known bugs are run, and what was captured of them is held against what is known."""
