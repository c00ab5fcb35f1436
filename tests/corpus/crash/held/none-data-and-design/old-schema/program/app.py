import sqlite3

from notes import Notes


def old_database():
    """The database as the last release has left it."""
    db = sqlite3.connect(":memory:")
    db.execute("create table note (id integer primary key, text text)")
    db.execute("insert into note (text) values ('call Bob')")
    db.execute("pragma user_version = 3")
    return db


def main():
    notes = Notes(old_database())
    print(notes.titles())


if __name__ == "__main__":
    main()
