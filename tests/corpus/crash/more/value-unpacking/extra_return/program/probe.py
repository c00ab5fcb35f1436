def check(text):
    """Whether a port is good, the port, and why not."""
    if not text.isdigit():
        return False, None, "not a number"
    port = int(text)
    if not 0 < port < 65536:
        return False, port, "out of range"
    return True, port, ""
