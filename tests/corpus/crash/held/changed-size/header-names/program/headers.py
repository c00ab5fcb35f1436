HIDDEN = {"cookie", "authorization"}


def normalise(headers):
    """Make the names lower case, in place: no other spelling is left, and secrets are masked."""
    for name, value in headers.items():
        lower = name.lower()
        if lower != name:
            headers[lower] = headers.pop(name)
        if lower in HIDDEN:
            headers[lower] = "***"
        else:
            headers[lower] = value.strip()
    return headers
