from lookup import Book
from service import number_of


def main():
    book = Book()
    book.add("ann", "555-1")
    print(number_of(book, "ann"))
    print(number_of(book, "zed"))


if __name__ == "__main__":
    main()
