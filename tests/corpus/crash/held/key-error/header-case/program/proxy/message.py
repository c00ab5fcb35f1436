def parse_headers(raw: bytes) -> dict[str, str]:
    """Header fields by their names in lower case, as names do not depend on case."""
    fields = {}
    for line in raw.split(b"\r\n"):
        if line:
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.strip().lower()] = value.strip()
    return fields


def body_length(headers: dict[str, str]) -> int:
    return int(headers.get("content-length", "0"))
