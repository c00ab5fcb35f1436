import zlib


def checksums(paths):
    sums = []
    for path in paths:
        with open(path, "rb") as handle:
            sums.append(zlib.crc32(handle.read()))
    return sums
