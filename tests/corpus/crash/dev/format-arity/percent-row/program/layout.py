"""The columns of the morning report: every line has the same four."""

HEADING = "%-10s|%8s|%-5s|%s" % ("metric", "value", "unit", "trend")


def row(name, value, unit, trend):
    return "%-10s|%8.2f|%s" % (name, value, unit, trend)
