class Outbox:
    def __init__(self):
        self.messages = []

    def add(self, to, text):
        if not text.strip():
            raise ValueError(f"empty message for {to}")
        self.messages.append((to, text))
