import tomllib

REQUIRED = ("host", "user", "sender")


class SetupError(Exception):
    pass


def load(path):
    with path.open("rb") as handle:
        values = tomllib.load(handle)["smtp"]
    open_places = [name for name in REQUIRED if "CHANGE-ME" in str(values.get(name, "CHANGE-ME"))]
    if open_places:
        raise SetupError(f"{path.name}: please fill in {', '.join(open_places)}")
    return values
