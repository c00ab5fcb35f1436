"""nexoide: supervise, heal and hot-reload running programs from a terminal.

This file imports nothing: the probe is loaded through it into programs that run in other interpreters.
"""

__version__ = "0.1.0.dev0"
