"""Reload as a transaction: prepare all files without touching anything live, then swap all of it in one call, or nothing.

`source` compiles and cuts up the two texts, `compare` says what differs, `live` finds what runs, `scratch` executes what is
new, `plan` makes the list of assignments, `commit` carries it out and keeps its exact inverse, `transaction` is the way in.
"""
