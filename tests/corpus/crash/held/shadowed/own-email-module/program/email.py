class Message:
    def __init__(self, to, text):
        self.to = to
        self.text = text

    def encode(self):
        return f"To: {self.to}\n\n{self.text}".encode()
