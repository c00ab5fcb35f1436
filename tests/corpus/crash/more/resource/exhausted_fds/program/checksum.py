import zlib


def checksums(paths):
    handles = []
    sums = []
    for path in paths:
        handle = open(path, "rb")
        handles.append(handle)
        sums.append(zlib.crc32(handle.read()))
    for handle in handles:
        handle.close()
    return sums
