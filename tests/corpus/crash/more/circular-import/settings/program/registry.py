import handlers

HANDLERS = {
    "ping": handlers.ping,
    "sum": handlers.total,
}
