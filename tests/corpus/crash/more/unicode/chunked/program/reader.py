def chunks(handle, size):
    while True:
        block = handle.read(size)
        if not block:
            return
        yield block


def read_text(handle, size=4096):
    parts = []
    for block in chunks(handle, size):
        parts.append(block.decode("utf-8"))
    return "".join(parts)
