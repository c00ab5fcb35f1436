from dataclasses import dataclass


@dataclass
class Request:
    method: str
    url: str
    headers: dict
    body: bytes = b""


def build(method, url, token=None, headers={}, body=None):
    """Put a request together; Authorization is sent only where a token is given."""
    headers.setdefault("Accept", "application/json")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if body is not None:
        headers["Content-Length"] = str(len(body))
    return Request(method, url, headers, body or b"")
