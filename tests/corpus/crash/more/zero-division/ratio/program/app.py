from cachestat import Stats


def main():
    stats = Stats()
    print(stats.describe())
    stats.hit()
    stats.hit()
    stats.miss()
    print(stats.describe())


main()
