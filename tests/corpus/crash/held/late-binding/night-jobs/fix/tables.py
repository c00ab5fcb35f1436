class Database:
    def __init__(self, rows):
        self.rows = rows
        self.cleaned = []

    def vacuum(self, table, keep):
        self.cleaned.append(table)
        removed = max(0, self.rows[table] - keep)
        self.rows[table] -= removed
        return removed

    def check(self):
        missed = sorted(set(self.rows) - set(self.cleaned))
        if missed:
            raise RuntimeError(f"never cleaned: {', '.join(missed)}")


def schedule_vacuum(scheduler, database):
    """Clean every table at 3; of the events 1000 rows are kept, of all others 100."""
    for table in sorted(database.rows):
        keep = 1000 if table == "events" else 100

        @scheduler.at(3, f"vacuum-{table}")
        def job(table=table, keep=keep):
            return database.vacuum(table, keep)
