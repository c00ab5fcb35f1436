from pathlib import Path

from relay_config import load
from outgoing import Relay


def main():
    relay = Relay(load(Path(__file__).with_name("relay.toml")))
    print(relay.describe())


if __name__ == "__main__":
    main()
