from queue_client import QueueClient


class Producer:
    def __init__(self, client):
        self.client = client
        self.sent = 0

    def order_placed(self, number, cents):
        if self.client.push("orders", {"number": number, "cents": cents}):
            self.sent += 1
