from dataclasses import dataclass
from datetime import date


class LicenceError(RuntimeError):
    pass


@dataclass(frozen=True)
class Licence:
    owner: str
    until: date
    features: tuple


def load(path):
    values = dict(line.split(": ", 1) for line in path.read_text().splitlines())
    return Licence(values["owner"], date.fromisoformat(values["until"]), tuple(values["features"].split(", ")))


def check(licence, today, feature):
    if today > licence.until:
        raise LicenceError(f"the licence of {licence.owner} ended on {licence.until}")
    if feature not in licence.features:
        raise LicenceError(f"the licence does not include {feature}")
