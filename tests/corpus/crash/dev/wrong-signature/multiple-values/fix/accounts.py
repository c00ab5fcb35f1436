class Accounts:
    def __init__(self, audit):
        self.audit = audit
        self.failures = {}

    def login(self, user, good):
        if good:
            self.failures.pop(user, None)
            self.audit.record("login", user=user)
            return True
        self.failures[user] = self.failures.get(user, 0) + 1
        self.audit.record("bad password", level="warning", user=user)
        if self.failures[user] >= 3:
            self.lock(user)
        return False

    def lock(self, user):
        self.audit.record("locked", level="critical", user=user)
