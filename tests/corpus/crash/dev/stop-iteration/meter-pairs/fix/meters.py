"""Read the dumps of the meters: a header line, then the value, over and over."""


def header(line):
    if not line.startswith("# meter "):
        raise ValueError(f"no header: {line!r}")
    return int(line.removeprefix("# meter "))


def pairs(lines):
    """Yield (meter, value); a transfer that was cut off ends with a header alone, which is left out."""
    rest = iter(lines)
    for line in rest:
        if not line.strip():
            continue
        number = header(line)
        value = next(rest, None)
        if value is None:
            return
        yield number, float(value)


def summary(readings):
    total = sum(readings.values())
    return f"{len(readings)} meters, {total:.1f} kWh"
