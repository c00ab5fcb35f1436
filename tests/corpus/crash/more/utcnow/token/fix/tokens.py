import secrets
from datetime import datetime, timedelta, timezone


class TokenStore:
    def __init__(self, lifetime):
        self.lifetime = timedelta(seconds=lifetime)
        self._expiry = {}

    def issue(self, user):
        token = secrets.token_hex(8)
        self._expiry[token] = datetime.now(timezone.utc) + self.lifetime
        return token

    def valid(self, token):
        expiry = self._expiry.get(token)
        return expiry is not None and datetime.now(timezone.utc) < expiry
