from sqlalchemy import create_engine, text


class Store:
    def __init__(self, url):
        self.engine = create_engine(url)

    def setup(self):
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE person (name TEXT, age INTEGER)"))

    def add(self, name, age):
        with self.engine.begin() as connection:
            connection.execute(text("INSERT INTO person VALUES (:name, :age)"), {"name": name, "age": age})

    def adults(self):
        with self.engine.connect() as connection:
            rows = connection.execute(text("SELECT name FROM person WHERE age >= 18 ORDER BY name"))
            return [row[0] for row in rows]
