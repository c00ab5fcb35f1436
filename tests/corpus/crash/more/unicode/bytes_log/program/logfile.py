def write_lines(path, lines):
    with open(path, "w", encoding="utf-16") as handle:
        handle.write("\n".join(lines))


def read_lines(path):
    with open(path, encoding="utf-8") as handle:
        return handle.read().splitlines()
