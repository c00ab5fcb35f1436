from urllib.parse import urlsplit


def open_store(url: str):
    scheme = urlsplit(url).scheme
    if scheme == "postgresql":
        from store.postgres import PostgresStore

        return PostgresStore(url)
    raise ValueError(f"no store for {scheme}")
