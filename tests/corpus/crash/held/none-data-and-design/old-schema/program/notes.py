from schema import require


class Notes:
    def __init__(self, db):
        require(db)
        self.db = db

    def titles(self):
        return [row[0] for row in self.db.execute("select title from note order by created")]
