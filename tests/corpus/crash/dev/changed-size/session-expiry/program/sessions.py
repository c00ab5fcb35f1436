import itertools


class Session:
    def __init__(self, token, user, seen):
        self.token = token
        self.user = user
        self.seen = seen


class SessionStore:
    def __init__(self, clock, lifetime):
        self._clock = clock
        self._lifetime = lifetime
        self._sessions = {}
        self._numbers = itertools.count(1)

    def open(self, user):
        token = f"t{next(self._numbers)}"
        self._sessions[token] = Session(token, user, self._clock())
        return token

    def touch(self, token):
        self._sessions[token].seen = self._clock()

    def expire(self):
        """Close what was not seen for a lifetime; returns the users whose sessions were closed."""
        closed = []
        limit = self._clock() - self._lifetime
        for token, session in self._sessions.items():
            if session.seen < limit:
                del self._sessions[token]
                closed.append(session.user)
        return closed

    def users(self):
        return [session.user for session in self._sessions.values()]
