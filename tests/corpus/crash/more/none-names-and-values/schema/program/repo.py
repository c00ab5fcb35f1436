class Repo:
    def __init__(self, connection):
        self._connection = connection

    def names(self):
        return [row[0] for row in self._connection.execute("SELECT name FROM customer ORDER BY name")]
