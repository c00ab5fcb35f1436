from state import load


def main():
    print(load()["users"])


main()
