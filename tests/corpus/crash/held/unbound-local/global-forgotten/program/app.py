from documents import credit_note, invoice
from numbers_ import issued


def main():
    first = invoice(120)
    invoice(80)
    back = credit_note(first)
    print(back)
    print(issued())


if __name__ == "__main__":
    main()
