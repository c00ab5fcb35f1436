from budget import Budget


class Crawler:
    """Walks the pages of one site. Each site may be asked for the usual number of pages, or for a given budget."""

    def __init__(self, pages, budget=Budget()):
        self.pages = pages
        self.budget = budget

    def run(self):
        found, waiting = [], ["/"]
        while waiting:
            page = waiting.pop(0)
            if page in found:
                continue
            self.budget.spend()
            found.append(page)
            waiting += self.pages[page]
        return found
