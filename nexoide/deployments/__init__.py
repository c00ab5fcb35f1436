"""Decide, commit, reload, watch, revert: the one path on which a patch reaches disk, git and the running program."""
