from dataclasses import dataclass


@dataclass
class User:
    id: int
    nick: str
    credit: int = 0


class Users:
    def __init__(self, users=()):
        self._by_id = {user.id: user for user in users}

    def find(self, user_id):
        """The user of that number, or None where there is none (guests have numbers of their own)."""
        return self._by_id.get(user_id)

    def add(self, user):
        self._by_id[user.id] = user
