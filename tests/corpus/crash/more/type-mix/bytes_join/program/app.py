from procs import python_words, longest


def main():
    words = python_words("print('alpha'); print('be'); print('gamma rays')")
    print(words)
    print(longest(words))


if __name__ == "__main__":
    main()
