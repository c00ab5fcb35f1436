from flatten import counts, flatten

SETTINGS = {"db": {"host": "localhost", "ports": [5432, 5433]}, "debug": False, "mail": {"from": "a@b", "smtp": {"tls": True}}}


def main():
    flat = flatten(SETTINGS)
    for name, value in flat.items():
        print(f"{name}={value}")
    print(counts(flat).most_common(1))


if __name__ == "__main__":
    main()
