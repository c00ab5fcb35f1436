import hashlib
import hmac
import json

from keys import SHARED


class BadSignature(Exception):
    pass


def seal(content):
    body = json.dumps(content, sort_keys=True)
    return f"{hmac.new(SHARED, body.encode(), hashlib.sha256).hexdigest()}.{body}"


def open_envelope(text):
    signature, _, body = text.partition(".")
    expected = hmac.new(SHARED, body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, expected):
        raise BadSignature(f"signature {signature[:8]} does not match")
    return json.loads(body)
