from books import Books


def main():
    books = Books()
    books.post("cash", 100)
    books.post("sales", -90)
    books.close()
    print("closed")


main()
