import cx_Oracle


class OracleStore:
    def __init__(self, url: str) -> None:
        self.connection = cx_Oracle.connect(url)

    def count(self, table: str) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM " + table)
            return cursor.fetchone()[0]
