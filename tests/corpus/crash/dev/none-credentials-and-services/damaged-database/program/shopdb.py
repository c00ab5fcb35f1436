import sqlite3
from contextlib import closing
from pathlib import Path

PATH = Path(__file__).with_name("data") / "shop.db"


def query(sql, *values):
    with closing(sqlite3.connect(PATH)) as connection:
        return connection.execute(sql, values).fetchall()


def orders_of(customer):
    return [row[0] for row in query("SELECT number FROM orders WHERE customer = ? ORDER BY number", customer)]
