"""The services of the platform and what each of them is used by."""

TABLE = """
db: api worker
cache: api
api: web gateway
gateway: api
worker: mail
mail:
web:
"""


def load(table=TABLE):
    services = {}
    for line in table.strip().splitlines():
        name, _, users = line.partition(":")
        services[name.strip()] = users.split()
    return services
