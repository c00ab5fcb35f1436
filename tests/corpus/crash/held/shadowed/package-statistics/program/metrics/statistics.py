"""Means of samples that were counted together: pairs of a value and how often it was seen."""


def weighted_mean(samples):
    total = sum(count for _, count in samples)
    return sum(value * count for value, count in samples) / total


def weighted_max(samples, least=1):
    return max(value for value, count in samples if count >= least)
