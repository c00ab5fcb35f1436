VERSION = 5


class SchemaError(RuntimeError):
    pass


def require(db):
    """Refuse another schema than ours: `notes-migrate` changes it, after a backup, while the service is down."""
    found = db.execute("pragma user_version").fetchone()[0]
    if found != VERSION:
        raise SchemaError(f"the database has schema {found}, this release needs {VERSION}: run notes-migrate")
