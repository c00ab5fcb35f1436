from db import Db


def main():
    db = Db("file:g3?mode=memory&cache=shared")
    db.run("CREATE TABLE t (x INTEGER)")
    db.run("INSERT INTO t VALUES (3)")
    print(list(db.rows("SELECT x FROM t")))


main()
