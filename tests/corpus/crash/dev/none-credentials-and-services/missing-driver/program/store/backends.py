from urllib.parse import urlsplit


def open_store(url: str):
    scheme = urlsplit(url).scheme
    if scheme == "oracle":
        from store.oracle import OracleStore

        return OracleStore(url)
    raise ValueError(f"no store for {scheme}")
