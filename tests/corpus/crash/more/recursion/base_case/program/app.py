from tower import moves, digits_sum


def main():
    print(len(list(moves(3, "A", "B", "C"))))
    print(digits_sum(9475))


if __name__ == "__main__":
    main()
