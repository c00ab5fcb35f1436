import sqlite3

from repo import Repo


def main():
    repo = Repo(sqlite3.connect("prod.db"))
    print(repo.names())


main()
