from page import page


def main():
    print(page("A & B", ["x < y", '"q"']))


main()
