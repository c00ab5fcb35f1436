from readings import GAP


def bar(value, unit):
    if value is GAP:
        return "  (no reading)"
    return f"{'#' * value} {value} {unit}"
