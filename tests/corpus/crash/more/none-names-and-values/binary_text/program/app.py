from loader import words


def main():
    print(words("words.txt"))


main()
