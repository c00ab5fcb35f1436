from chunks import batches


def main():
    print(list(batches(range(7), 3)))


main()
