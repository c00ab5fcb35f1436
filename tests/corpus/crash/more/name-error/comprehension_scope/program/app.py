from parser import Tokenizer, tokens_of


def main():
    print([t.kind for t in tokens_of("x = 3 + y1")])
    print(Tokenizer().count("a+b+c"))


if __name__ == "__main__":
    main()
