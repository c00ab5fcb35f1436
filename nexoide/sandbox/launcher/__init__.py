"""The kernel launcher: standard library alone, run as a process of its own that confines itself and becomes the command."""
