class MemorySink:
    def __init__(self):
        self.documents = {}

    def put(self, name, text):
        self.documents[name] = text
