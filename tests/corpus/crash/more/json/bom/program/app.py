from prefs import load


def main():
    prefs = load()
    print(prefs["theme"], prefs["size"])


if __name__ == "__main__":
    main()
