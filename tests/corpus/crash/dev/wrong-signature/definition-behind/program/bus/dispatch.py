from dataclasses import dataclass, field


@dataclass
class Context:
    tenant: str
    log: list = field(default_factory=list)


class Dispatcher:
    def __init__(self, tenant):
        self.context = Context(tenant)
        self.handlers = {}

    def on(self, kind, handler):
        self.handlers.setdefault(kind, []).append(handler)

    def emit(self, event):
        return [handler(event, self.context) for handler in self.handlers.get(event["kind"], [])]
