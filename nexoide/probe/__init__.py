"""The probe: what a supervised program carries, from the standard library of its own interpreter alone (CPython 3.9 to 3.14).

It captures failures, applies reload transactions and counts passes over healed lines. Importing it starts nothing: the
bootstrap folder's sitecustomize loads this package from its files, under the name `_nexoide_probe`, and calls `start.start`.
"""
