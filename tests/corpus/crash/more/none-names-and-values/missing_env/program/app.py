from deploy import target


def main():
    print(target())


main()
