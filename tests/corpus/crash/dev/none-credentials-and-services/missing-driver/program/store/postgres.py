import psycopg


class PostgresStore:
    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)

    def count(self, table: str) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM " + table)
            return cursor.fetchone()[0]
