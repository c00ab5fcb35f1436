import hashlib


class ChecksumError(Exception):
    pass


def digest_of(path):
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(65536):
            digest.update(block)
    return digest.hexdigest()


def verify(path, expected):
    found = digest_of(path)
    if found != expected:
        raise ChecksumError(f"{path.name}: expected {expected[:12]}, found {found[:12]}")
