from headers import normalise
from routing import route

REQUESTS = [
    {"path": "/orders", "headers": {"Content-Type": "application/json", "X-Tenant": "acme", "accept": "*/*"}},
    {"path": "/health", "headers": {"HOST": "localhost"}},
]


def handle(request):
    headers = normalise(dict(request["headers"]))
    return route(request["path"], headers)


def main():
    for request in REQUESTS:
        print(handle(request))


if __name__ == "__main__":
    main()
