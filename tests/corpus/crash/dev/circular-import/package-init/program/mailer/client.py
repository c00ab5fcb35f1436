from mailer import VERSION
from mailer.templates import render


class Client:
    def __init__(self, sender):
        self.sender = sender
        self.sent = []

    def send(self, to, template, **values):
        message = {
            "From": self.sender,
            "To": to,
            "X-Mailer": f"mailer/{VERSION}",
            "Body": render(template, **values),
        }
        self.sent.append(message)
        return message
