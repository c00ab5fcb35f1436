from lookup import NotFound


def number_of(book, name):
    try:
        return book.find(name)
    except NotFound:
        return "unlisted"
