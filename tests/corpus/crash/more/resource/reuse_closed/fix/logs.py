def lines_of(path):
    with open(path) as handle:
        for line in handle:
            yield line.rstrip("\n")


def errors(path):
    return [line for line in lines_of(path) if line.startswith("error")]
