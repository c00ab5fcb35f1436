from billing import load, summary


def main():
    print(summary(load()))


if __name__ == "__main__":
    main()
