class Payments:
    def __init__(self, config):
        self.config = config
        self.queue = []

    def headers(self):
        return {"Authorization": f"Bearer {self.config.api_key}"}

    def enqueue(self, order, cents):
        self.queue.append({"order": order, "cents": cents})
        return len(self.queue)
