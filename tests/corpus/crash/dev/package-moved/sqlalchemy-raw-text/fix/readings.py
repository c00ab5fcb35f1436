from sqlalchemy import text

from db import engine


def store(rows):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO reading (sensor, value) VALUES (:sensor, :value)"), rows)


def average(sensor):
    with engine.connect() as connection:
        result = connection.execute(text("SELECT AVG(value) FROM reading WHERE sensor = :sensor"), {"sensor": sensor})
        return result.scalar()
