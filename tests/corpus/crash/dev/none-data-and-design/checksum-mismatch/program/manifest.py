def read_manifest(path):
    """Names and SHA-256 digests of the parts."""
    entries = {}
    for line in path.read_text().splitlines():
        digest, _, name = line.partition("  ")
        entries[name] = digest
    return entries
