from features import FEATURES, enabled


def main():
    for environment, names in FEATURES.items():
        print(environment, [name for name in names if enabled(environment, name)])


if __name__ == "__main__":
    main()
