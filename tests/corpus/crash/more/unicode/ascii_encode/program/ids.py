import hashlib
import unicodedata


def identifier(name):
    return hashlib.sha256(name.encode("ascii")).hexdigest()[:12]


def slug(name):
    plain = unicodedata.normalize("NFKD", name)
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return "-".join(kept.lower().split())
