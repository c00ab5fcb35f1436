from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

SCHEMA = "CREATE TABLE reading (sensor TEXT NOT NULL, value REAL NOT NULL)"


def create_schema():
    with engine.begin() as connection:
        connection.exec_driver_sql(SCHEMA)
