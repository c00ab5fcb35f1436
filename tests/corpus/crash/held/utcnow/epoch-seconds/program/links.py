import hashlib
import hmac

from clock import in_minutes

SECRET = b"for tests only"


def digest(path, until):
    return hmac.new(SECRET, f"{path}:{until}".encode(), hashlib.sha256).hexdigest()[:16]


def sign(path, minutes):
    until = in_minutes(minutes)
    return f"{path}?until={until}&sign={digest(path, until)}"


def is_valid(link, at):
    path, _, query = link.partition("?")
    values = dict(part.split("=") for part in query.split("&"))
    return hmac.compare_digest(values["sign"], digest(path, values["until"])) and at < int(values["until"])
