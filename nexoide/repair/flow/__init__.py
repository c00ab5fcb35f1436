"""What runs when: coroutines and who awaits them, iterators that are used up, variables without a value, values that are shared."""
