from versions import newest


def main():
    print(newest(["1.2.10", "1.2.9", "1.10"]))


main()
