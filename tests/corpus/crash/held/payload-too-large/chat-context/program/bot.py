import client

MAX_CONTEXT = 1500  # characters the gateway takes in one request


class Bot:
    def __init__(self, port, persona):
        self.port = port
        self.messages = [{"role": "system", "content": persona}]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        reply = client.complete(self.port, self.messages)
        self.messages.append({"role": "assistant", "content": reply})
        return reply
