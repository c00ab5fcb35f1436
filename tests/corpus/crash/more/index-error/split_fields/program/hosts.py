def strip_comment(line):
    return line.split("#", 1)[0].strip()


def parse(text):
    """Map every name to its address; blank lines and comments are skipped."""
    table = {}
    for line in text.splitlines():
        fields = strip_comment(line).split()
        address = fields[0]
        if not fields:
            continue
        for name in fields[1:]:
            table[name] = address
    return table
