from options import merged


class Printer:
    def __init__(self):
        self.sheets = 0
        self.log = []

    def submit(self, title, pages, **overrides):
        options = merged(overrides)
        per_copy = -(-pages // 2) if options["duplex"] else pages
        self.sheets += per_copy * options["copies"]
        self.log.append((title, options["colour"]))
        return per_copy * options["copies"]
