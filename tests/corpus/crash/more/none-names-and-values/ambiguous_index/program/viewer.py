def line(text, number):
    """The line of a number that the user gave."""
    lines = text.split("\n")
    if number > len(lines):
        raise IndexError(f"the text has {len(lines)} lines, line {number} was asked for")
    return lines[number - 1]
