import re
import unicodedata


def slugify(title):
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def excerpt(body, words=5):
    parts = body.split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")
