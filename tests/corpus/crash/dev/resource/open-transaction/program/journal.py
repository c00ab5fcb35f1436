import sqlite3
from contextlib import closing

SCHEMA = "create table if not exists journal (customer text not null, number integer primary key)"


class Journal:
    def __init__(self, path):
        self.path = path
        with closing(self._connect()) as db:
            db.execute(SCHEMA)

    def _connect(self):
        return sqlite3.connect(self.path, timeout=0.2)

    def write(self, customer, number):
        with closing(self._connect()) as db, db:
            db.execute("insert into journal values (?, ?)", (customer, number))

    def entries(self):
        with closing(self._connect()) as db:
            return db.execute("select number, customer from journal order by number").fetchall()
