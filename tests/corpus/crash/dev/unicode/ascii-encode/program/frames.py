"""Length-prefixed text frames of the chat relay: 2 bytes of length, then the text."""
import struct


def pack(text: str) -> bytes:
    raw = text.encode("ascii")
    return struct.pack(">H", len(raw)) + raw


def unpack(data: bytes) -> tuple[str, bytes]:
    """The first frame's text and what is left of the data."""
    (length,) = struct.unpack_from(">H", data)
    return data[2 : 2 + length].decode("utf-8"), data[2 + length :]


def unpack_all(data: bytes) -> list[str]:
    texts = []
    while data:
        text, data = unpack(data)
        texts.append(text)
    return texts
