def parse(text):
    return [tuple(line.split(",")) for line in text.splitlines()]


def names(rows):
    return [name for number, name, city in rows]


def countries(rows):
    return sorted({country for _, _, _, country in rows})
