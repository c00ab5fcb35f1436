from smooth import moving


def main():
    print(moving([1, 2, 3, 4, 5], 3))


main()
