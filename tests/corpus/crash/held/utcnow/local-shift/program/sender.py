from datetime import datetime, timezone


class Sender:
    def __init__(self, name):
        self.name = name
        self.count = 0

    def message(self):
        self.count += 1
        sent = datetime.utcnow().astimezone(timezone.utc)
        return {"from": self.name, "number": self.count, "sent": sent.isoformat()}
