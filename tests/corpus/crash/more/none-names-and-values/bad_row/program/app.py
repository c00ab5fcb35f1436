from feed import total


def main():
    print(total("feed.csv"))


main()
