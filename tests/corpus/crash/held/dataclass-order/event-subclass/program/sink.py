class Sink:
    def __init__(self):
        self.lines = []

    def take(self, event):
        self.lines.append(event.text())
