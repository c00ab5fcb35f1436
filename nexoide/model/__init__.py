"""The vocabulary that every room speaks: frozen types, events and the fold of events into a state."""
