import json
from urllib.parse import parse_qs

STOCK = {"lamp": 3, "vase": 0}


def application(environ, start_response):
    query = parse_qs(environ.get("QUERY_STRING", ""))
    item = query.get("item", [""])[0]
    if item not in STOCK:
        status, value = "404 Not Found", {"error": f"no item {item!r}"}
    else:
        status, value = "200 OK", {"item": item, "left": STOCK[item]}
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
