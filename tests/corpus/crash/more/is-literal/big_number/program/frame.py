import struct

HEADER = struct.Struct(">HH")


def encode(body):
    return HEADER.pack(0xCAFE, len(body)) + body


def decode(blob):
    magic, length = HEADER.unpack_from(blob)
    if magic is not 0xCAFE:
        raise ValueError(f"bad magic {magic:#x}")
    return blob[HEADER.size : HEADER.size + length]
