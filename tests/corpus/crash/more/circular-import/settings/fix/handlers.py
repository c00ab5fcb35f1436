def dispatch(text):
    import registry

    name, *args = text.split()
    handler = registry.HANDLERS.get(name, unknown)
    return handler(*args)


def ping():
    return PREFIX + "pong"


def total(*numbers):
    return PREFIX + str(sum(int(n) for n in numbers))


def unknown(*_):
    return PREFIX + "unknown command"


PREFIX = "> "
