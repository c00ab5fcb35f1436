from report import amount, title


def main() -> None:
    print(title("overview"))
    print("total", amount(123456))


if __name__ == "__main__":
    main()
