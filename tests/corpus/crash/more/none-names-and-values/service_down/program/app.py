from client import ask


def main():
    print(ask("STATUS"))


main()
