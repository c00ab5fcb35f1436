from signal_tools import growth, smooth


def main():
    print([round(float(v), 2) for v in smooth([1, 2, 6, 2, 1])])
    print(growth([1.02, 1.01, 0.98]), "%")


if __name__ == "__main__":
    main()
