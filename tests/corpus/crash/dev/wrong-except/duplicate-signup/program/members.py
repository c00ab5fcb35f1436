import sqlite3


class AlreadyThere(Exception):
    pass


class Members:
    def __init__(self, path=":memory:"):
        self.db = sqlite3.connect(path)
        self.db.execute("create table if not exists member (email text primary key, name text not null)")

    def add(self, email, name):
        """Raises AlreadyThere for an address that is known; the first name stays."""
        try:
            with self.db:
                self.db.execute("insert into member values (?, ?)", (email, name))
        except sqlite3.OperationalError as error:
            raise AlreadyThere(email) from error

    def all(self):
        return self.db.execute("select email, name from member order by email").fetchall()
