"""A language model's proposals: what it is shown, how its answer is read, and what of it is refused."""
