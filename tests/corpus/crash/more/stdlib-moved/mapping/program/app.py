from config.merge import merge
from config.defaults import DEFAULTS

OVERRIDES = {"http": {"port": 9090, "hosts": ["a", "b"]}, "debug": True}


def main():
    merged = merge(DEFAULTS, OVERRIDES)
    for key in sorted(merged):
        print(key, merged[key])


if __name__ == "__main__":
    main()
