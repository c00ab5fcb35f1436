import os


def texts(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".txt"):
            yield name


def count_words(folder):
    total = 0
    for name in texts(folder):
        with open(name) as handle:
            total += len(handle.read().split())
    return total
