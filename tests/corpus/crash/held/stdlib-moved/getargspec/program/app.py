import parts
from framework.container import Container


def build():
    container = Container()
    container.register("clock", parts.Clock)
    container.register("dsn", parts.dsn)
    container.register("repository", parts.Repository)
    container.register("service", parts.Service)
    return container.get("service")


if __name__ == "__main__":
    service = build()
    print(service.repository.dsn, service.retries)
