import sqlite3
from contextlib import closing


class Db:
    def __init__(self, uri):
        self.uri = uri
        self._keep = sqlite3.connect(uri, uri=True)

    def run(self, sql):
        with closing(sqlite3.connect(self.uri, uri=True)) as connection, connection:
            connection.execute(sql)

    def rows(self, sql):
        with closing(sqlite3.connect(self.uri, uri=True)) as connection:
            cursor = connection.execute(sql)
        return cursor.fetchall()
