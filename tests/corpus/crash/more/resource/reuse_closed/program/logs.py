def lines_of(path):
    with open(path) as handle:
        return (line.rstrip("\n") for line in handle)


def errors(path):
    return [line for line in lines_of(path) if line.startswith("error")]
