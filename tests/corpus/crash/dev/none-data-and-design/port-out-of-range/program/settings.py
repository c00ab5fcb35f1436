import configparser
from dataclasses import dataclass


class ConfigError(Exception):
    """The configuration is wrong; the text says what and where, for the operator."""


@dataclass
class Settings:
    host: str
    port: int
    workers: int


def whole_number(section, name, low, high):
    text = section.get(name, "")
    try:
        value = int(text)
    except ValueError:
        raise ConfigError(f"{name} must be a whole number, not {text!r}") from None
    if not low <= value <= high:
        raise ConfigError(f"{name} must lie between {low} and {high}, not {value}")
    return value


def load(path):
    parser = configparser.ConfigParser()
    parser.read(path)
    section = parser["service"]
    return Settings(section.get("host", "127.0.0.1"), whole_number(section, "port", 1, 65535), whole_number(section, "workers", 1, 64))
