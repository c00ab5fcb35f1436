GUEST = "guest"


class Room:
    def __init__(self, users):
        self.users = users
        self.lines = []

    def nick_of(self, user_id):
        """The nick of a user; people who are not registered are shown as GUEST."""
        user = self.users.find(user_id)
        return GUEST if user is None else user.nick

    def say(self, user_id, text):
        line = f"<{self.nick_of(user_id)}> {text}"
        self.lines.append(line)
        return line
