def table(document, paths):
    for path in paths:
        value = document.get(path, "-")
        yield f"{path:<20} {value}"
