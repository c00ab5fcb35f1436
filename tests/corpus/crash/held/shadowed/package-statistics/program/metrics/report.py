import statistics

from metrics.samples import SAMPLES


def rows(samples=SAMPLES):
    result = []
    for name in sorted(samples):
        mean = statistics.weighted_mean(samples[name])
        result.append((name, round(mean, 1), statistics.weighted_max(samples[name], least=2)))
    return result


if __name__ == "__main__":
    for row in rows():
        print(*row)
