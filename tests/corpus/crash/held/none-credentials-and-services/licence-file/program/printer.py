from licence import Licence


class Printer:
    def __init__(self, licence: Licence) -> None:
        self.licence = licence
        self.users: set[str] = set()

    def login(self, user: str) -> bool:
        if len(self.users) >= self.licence.seats:
            return False
        self.users.add(user)
        return True
