def number_of(book, name):
    try:
        return book.find(name)
    except LookupError:
        return "unlisted"
