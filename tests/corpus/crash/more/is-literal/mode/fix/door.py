class Door:
    def __init__(self):
        self.log = []

    def handle(self, text):
        word = text.strip().lower()
        if word == "open":
            self.log.append("opened")
        if word == "shut":
            self.log.append("shut")
