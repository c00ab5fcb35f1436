from survey import summarise

ANSWERS = ["yes", "no", "yes", "maybe", "no", "yes"]


def main():
    for row in summarise(ANSWERS):
        print(*row)


if __name__ == "__main__":
    main()
