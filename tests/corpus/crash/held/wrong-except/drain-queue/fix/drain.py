import queue


class Drain:
    def __init__(self, inbox, patience=0.05):
        self.inbox = inbox
        self.patience = patience
        self.seen = 0
        self.sources = set()

    def run(self):
        """Take what is there until nothing has come for a while."""
        while True:
            try:
                message = self.inbox.get(timeout=self.patience)
            except queue.Empty:
                return
            self.seen += 1
            self.sources.add(message["source"])
            self.inbox.task_done()
