def route(path, headers):
    if path == "/health":
        return ("health", None)
    tenant = headers.get("x-tenant")
    if tenant is None:
        raise LookupError("no tenant")
    kind = headers.get("content-type", "text/plain")
    return (path.strip("/"), f"{tenant}:{kind}:{len(headers)}")
