import logging


class MemoryJournal(logging.Handler):
    """Keeps every message; a message that cannot be formatted is an error, since the journal is evidence."""

    def __init__(self):
        super().__init__()
        self.lines = []
        self.logger = logging.Logger("bank", logging.INFO)
        self.logger.addHandler(self)

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.getMessage()}")
