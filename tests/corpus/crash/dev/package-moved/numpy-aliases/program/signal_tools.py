import numpy as np


def smooth(values, width=3):
    """The moving mean of the values; as many as went in less width - 1."""
    data = np.asarray(values, dtype=np.float)
    return np.convolve(data, np.ones(width) / width, mode="valid")


def growth(factors):
    """What all growth factors come to together, in percent."""
    return round((float(np.product(np.asarray(factors))) - 1) * 100, 2)
