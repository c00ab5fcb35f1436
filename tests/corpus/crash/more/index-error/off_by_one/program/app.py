from signal_tools import deltas, peaks

DATA = [3, 5, 4, 8, 2, 2, 6]


def main():
    print(deltas(DATA))
    print(peaks(DATA))


if __name__ == "__main__":
    main()
