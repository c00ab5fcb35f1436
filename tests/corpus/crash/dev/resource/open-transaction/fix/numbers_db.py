import sqlite3


class NumberRange:
    """Invoice numbers without gaps, kept in the database."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, timeout=0.2)
        self.db.execute("create table if not exists last (number integer not null)")
        if self.db.execute("select count(*) from last").fetchone()[0] == 0:
            self.db.execute("insert into last values (1000)")
        self.db.commit()

    def take(self):
        self.db.execute("update last set number = number + 1")
        number = self.db.execute("select number from last").fetchone()[0]
        self.db.commit()
        return number
