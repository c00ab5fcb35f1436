def parse(text):
    for line in text.splitlines():
        _, path, status = line.rsplit(" ", 2)
        yield path, int(status)
