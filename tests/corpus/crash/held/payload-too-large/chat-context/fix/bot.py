import client

MAX_CONTEXT = 1500  # characters the gateway takes in one request


class Bot:
    def __init__(self, port, persona):
        self.port = port
        self.messages = [{"role": "system", "content": persona}]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})
        while len(self.messages) > 2 and sum(len(m["content"]) for m in self.messages) > MAX_CONTEXT:
            del self.messages[1]
        reply = client.complete(self.port, self.messages)
        self.messages.append({"role": "assistant", "content": reply})
        return reply
